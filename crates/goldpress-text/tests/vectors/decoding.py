"""Writes decoding.tsv: byte strings of which is known what they say.

Encoded by Python's codecs, so that no encoder of goldpress judges its own decoder. All
sentences are fictional. Columns: kind, language, charset of the bytes, charset declared
by HTTP (or `-`), `markup` or `-`, the bytes (printable ASCII as it is, others in hex between backslashes),
and what they say (empty where they say nothing: to be refused).

    python3 decoding.py > decoding.tsv
"""

import random
import re
import sys

# A sentence and a short paragraph each, and the charsets beside Unicode's that hold them.
TEXTS = {
    "en": (
        ["windows-1252", "macintosh"],
        "The harbour café’s owner said: “We open at six – rain or no rain…”",
        "Port Aldery’s council has put off its vote on the ferry. The crossing costs £30 a day more than planned, the treasurer said – “a sum nobody budgeted for”. The naïve hope of a grant is gone.",
    ),
    "de": (
        ["windows-1252", "iso-8859-15"],
        "Die Düne vor Sandvörde bricht: „Für größere Boote ist Schluss“, sagt der Hafenmeister.",
        "Der Rat von Sandvörde hat am Dienstag über die Fähre gestritten. Die Überfahrt kostet künftig 4,50 € statt drei. Bürgermeisterin Käthe Böhlau nannte das „ärgerlich, aber nötig“ – der Diesel sei teurer geworden.",
    ),
    "fr": (
        ["windows-1252", "iso-8859-15"],
        "L’été à Saint-Évrac s’achève : « Où sont passées les mouettes ? », demande le maître d’équipage.",
        "À Saint-Évrac, le marché aux poissons ferme dès lundi. Les pêcheurs, déçus, parlent d’une décision hâtive ; la préfète répond que l’œuvre était menacée. Le chœur de la paroisse a répété jusqu’à l’aube.",
    ),
    "es": (
        ["windows-1252", "iso-8859-1"],
        "¿Quién pagará el muelle de Peñarreal? La alcaldía no respondió ayer a los vecinos.",
        "El año pasado se cerró la fábrica de Peñarreal. Según la dueña, doña Inés Ibáñez, «no había más opción». Los obreros pedirán mañana una reunión; el señor Núñez confía en un acuerdo rápido.",
    ),
    "pl": (
        ["windows-1250", "iso-8859-2"],
        "Prom w Łęgowie znów pływa: „Czekaliśmy całą zimę”, mówi kapitan Żebrowski.",
        "Rada miasta Łęgowo odłożyła głosowanie w sprawie mostu. Koszty wzrosły o jedną trzecią, a źródeł pieniędzy wciąż nie ma. Mieszkańcy żądają wyjaśnień jeszcze w tym tygodniu.",
    ),
    "cs": (
        ["windows-1250", "iso-8859-2"],
        "Přívoz v Říčanech nad Tůní stojí; převozník říká, že hladina příliš klesla.",
        "Zastupitelé včera odmítli zvýšit jízdné na přívozu. Starostka Jiřina Hůlková uvedla, že město žádnou půjčku nepotřebuje. Děti ze školy přišly s vlastním návrhem a kreslily přitom loď.",
    ),
    "lt": (
        ["windows-1257"],
        "Keltas į Žuvėdrų salą vėl plaukia, pranešė uosto viršininkė Šarūnė Ąžuolaitė.",
        "Miesto taryba antradienį atidėjo sprendimą dėl tilto. Kaina išaugo trečdaliu, o pinigų šaltinių dar nėra. Gyventojai prašo paaiškinimų iki šios savaitės pabaigos.",
    ),
    "tr": (
        ["windows-1254"],
        "Gümüşlü iskelesi yeniden açıldı; kaptan İsmail Ağaoğlu “artık bekleyiş bitti” dedi.",
        "Belediye meclisi köprü oylamasını gelecek haftaya bıraktı. Maliyet üçte bir oranında arttı, kaynak ise henüz bulunamadı. Balıkçılar şimdiden endişeli; çocuklar için ücretsiz sefer sözü verildi.",
    ),
    "ru": (
        ["windows-1251", "koi8-r", "iso-8859-5", "ibm866", "x-mac-cyrillic"],
        "Порт Олдери закрыт до полудня, сообщил капитан порта в субботу.",
        "Городской совет отложил голосование о мосте. Расходы выросли на треть, а источников денег всё ещё нет. Жители требуют объяснений до конца недели, рассказала мэр Вера Щукина.",
    ),
    "uk": (
        ["windows-1251", "koi8-u"],
        "Пором до Чайчиного острова знову ходить, повідомила начальниця порту Євгенія Їжак.",
        "Міська рада відклала голосування щодо моста. Витрати зросли на третину, а джерел грошей ще немає. Мешканці вимагають пояснень до кінця тижня, і їхній ґанок уже повний плакатів.",
    ),
    "el": (
        ["windows-1253", "iso-8859-7"],
        "Το λιμάνι της Αλυκής έκλεισε ως το μεσημέρι, είπε ο λιμενάρχης το Σάββατο.",
        "Το δημοτικό συμβούλιο ανέβαλε την ψηφοφορία για τη γέφυρα. Το κόστος αυξήθηκε κατά ένα τρίτο και χρήματα δεν υπάρχουν ακόμη. Οι κάτοικοι ζητούν εξηγήσεις μέσα στην εβδομάδα.",
    ),
    "he": (
        ["windows-1255"],
        "הנמל של כפר השחפים נסגר עד הצהריים, כך מסר מנהל הנמל בשבת.",
        "מועצת העיר דחתה את ההצבעה על הגשר. העלות גדלה בשליש ועדיין אין מקור מימון. התושבים דורשים הסבר עד סוף השבוע.",
    ),
    "ar": (
        ["windows-1256", "iso-8859-6"],
        "أغلق ميناء النوارس حتى الظهر، كما قال مدير الميناء يوم السبت.",
        "أجل مجلس المدينة التصويت على الجسر. ارتفعت التكلفة بمقدار الثلث ولا يوجد مصدر للتمويل بعد. يطالب السكان بتفسير قبل نهاية الأسبوع.",
    ),
    "ja": (
        ["shift_jis", "euc-jp", "iso-2022-jp"],
        "瀬野浦市は五日、三年前に止まった渡し船を五月に再開すると発表した。",
        "市議会は橋の採決を来週に延ばした。費用は三分の一ほど増え、財源はまだ決まっていない。市民は今週中の説明を求めており、市長の瀬川ゆき氏は「急ぎます」と答えた。",
    ),
    "zh": (
        ["gb18030", "gbk"],
        "鸥港市周二宣布，停航三年的渡轮将于五月恢复。",
        "市议会把大桥的表决推迟到下周。费用上涨了三分之一，资金来源仍未落实。居民要求本周内给出解释，市长沈若宁说：“我们会尽快答复。”",
    ),
    "zh-Hant": (
        ["big5"],
        "鷗港市週二宣布，停航三年的渡輪將於五月恢復。",
        "市議會把大橋的表決延到下週。費用上漲了三分之一，資金來源仍未確定。居民要求本週內說明，市長沈若寧說：「我們會盡快答覆。」",
    ),
    "ko": (
        ["euc-kr"],
        "갈매기항은 토요일 정오까지 문을 닫는다고 항만 소장이 밝혔다.",
        "시의회는 다리 표결을 다음 주로 미루었다. 비용은 삼분의 일이 늘었고 재원은 아직 정해지지 않았다. 주민들은 이번 주 안에 설명을 요구하고 있다.",
    ),
    "th": (
        ["windows-874"],
        "ท่าเรือนกนางนวลปิดจนถึงเที่ยงวันเสาร์ นายท่ากล่าว",
        "สภาเมืองเลื่อนการลงมติเรื่องสะพานไปสัปดาห์หน้า ค่าใช้จ่ายเพิ่มขึ้นหนึ่งในสาม และยังไม่มีแหล่งเงินทุน",
    ),
}

# Names that Python gives to charsets of the WHATWG's list.
CODECS = {
    "macintosh": "mac-roman",
    "x-mac-cyrillic": "mac-cyrillic",
    "windows-874": "cp874",
    "shift_jis": "cp932",
    "euc-kr": "cp949",
}
WIDE = {"utf-16le": b"\xff\xfe", "utf-16be": b"\xfe\xff"}
WRONG = ["utf-8", "windows-1251", "iso-8859-1", "shift_jis", "big5"]
# Charsets in which a character can be cut.
CUT = ["utf-8", "utf-16le", "shift_jis", "gb18030", "euc-kr", "big5", "euc-jp"]


# Marks that the older ISO charsets lack, and what people typed instead.
TYPED = str.maketrans({"“": '"', "”": '"', "„": '"', "’": "'", "–": "-", "…": "..."})


def codec(charset):
    return CODECS.get(charset, charset)


def written(text, charset):
    """The text as its author would have typed it in a charset."""
    try:
        text.encode(codec(charset))
    except UnicodeEncodeError:
        return text.translate(TYPED)
    return text


def as_latin(data):
    """Reads bytes as windows-1252, those without a character as themselves."""
    return "".join(
        bytes([byte]).decode("cp1252")
        if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
        else chr(byte)
        for byte in data
    )


def shown(data):
    runs = re.findall(rb"[ -\[\]-~]+|[^ -\[\]-~]+", data)
    return "".join(
        run.decode() if 0x20 <= run[0] < 0x7F and run[0] != 0x5C else f"\\{run.hex()}\\"
        for run in runs
    )


def row(kind, language, charset, http, markup, data, truth):
    print(kind, language, charset, http, markup, shown(data), truth, sep="\t")


def page(charset, text):
    return f'<meta charset="{charset}"><p>{text}</p>'


def main():
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    for language, (charsets, *typeset) in TEXTS.items():
        for charset in charsets:
            name = codec(charset)
            short, long = (written(text, charset) for text in typeset)
            for text in (short, long):
                data = text.encode(name)
                row("declared", language, charset, charset, "-", data, text)
                row("undeclared", language, charset, "-", "-", data, text)
            whole = page(charset, long)
            row("meta", language, charset, "-", "markup", whole.encode(name), whole)
            row("says utf-8", language, charset, "utf-8", "-", short.encode(name), short)
            lone = random.Random(charset + language).choice(["x-cowsay", "iso-8859-99"])
            row("unknown label", language, charset, lone, "-", short.encode(name), short)
        short, long = typeset
        row("undeclared", language, "utf-8", "-", "-", short.encode(), short)
        for wrong in random.Random(language).sample(WRONG[1:], 2):
            row("utf-8 says other", language, "utf-8", wrong, "-", short.encode(), short)
        lies = page("iso-8859-1", short)
        row("utf-8 says other", language, "utf-8", "-", "markup", lies.encode(), lies)
        row("mark", language, "utf-8", "shift_jis", "-", b"\xef\xbb\xbf" + short.encode(), short)
        for wide, mark in WIDE.items():
            row("mark", language, wide, "-", "-", mark + short.encode(wide), short)
            row("utf-16 without mark", language, wide, "-", "-", short.encode(wide), short)
        for charset in CUT:
            if charset != "utf-8" and charset != "utf-16le" and charset not in charsets:
                continue
            ends = max((i for i, c in enumerate(short) if len(c.encode(codec(charset))) > 1))
            end = short[: ends + 1].encode(codec(charset))[:-1]
            http = "-" if charset == "utf-8" else charset
            row("cut", language, charset, http, "-", end, short[:ends].rstrip())
        for text in (short, long):
            once = as_latin(text.encode())
            row("mojibake once", language, "utf-8", "-", "-", once.encode(), text)
        twice = as_latin(as_latin(short.encode()).encode())
        row("mojibake twice", language, "utf-8", "-", "-", twice.encode(), short)
        latin = short.encode().decode("latin-1")
        row("mojibake by latin-1", language, "utf-8", "-", "-", latin.encode(), short)
        half = f"{long} {as_latin(short.encode())}"
        row("mojibake in sound text", language, "utf-8", "-", "-", half.encode(), f"{long} {short}")
        lost = once.replace("\u00a0", " ")
        if lost != once:
            row("mojibake, spaces lost", language, "utf-8", "-", "-", lost.encode(), long)
        row("sound", language, "utf-8", "utf-8", "-", long.encode(), long)
        # A comment in another charset below an article: a template's mistake.
        if charsets[0] == "windows-1252":
            mixed = long.encode() + b" " + short.encode("cp1252")
            row("mixed", language, "utf-8", "utf-8", "-", mixed, f"{long} {short}")
    for language in ("en", "de", "fr"):
        short = TEXTS[language][1]
        for label in ("iso-8859-1", "us-ascii", "latin1"):
            data = short.encode("cp1252")
            row("C1 punctuation", language, "windows-1252", label, "-", data, short)
        c1 = short.encode("cp1252").decode("latin-1")
        row("C1 in utf-8", language, "utf-8", "-", "-", c1.encode(), short)
    for n in range(8):
        noise = random.Random(n).randbytes(160)
        row("no text", "-", "-", "-", "-", noise, "")


if __name__ == "__main__":
    main()
