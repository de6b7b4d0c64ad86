//! Hard-wrapped text becomes paragraphs; text that is lines for a reason stays lines.

use goldpress_text::{NormaliseOptions, normalise};
use proptest::prelude::*;

use crate::web_texts::web_texts;

/// Two paragraphs each, as their authors wrote them.
pub(crate) const ARTICLES: &[(&str, &str)] = &[
    (
        "English",
        "Port Aldery’s council has put off its vote on the ferry for the third time this year, after nine hours of debate and two walk-outs. The crossing costs £30 a day more than planned, the treasurer said, “a sum nobody budgeted for”.\n\nIslanders were not amused. “We have been waiting since March,” said Ida Voss, who runs the only shop on the island; she keeps a list of everything that did not arrive, and it is now four pages long.",
    ),
    (
        "German",
        "Der Rat von Sandvörde hat am Dienstag bis tief in die Nacht über die Fähre gestritten und sich am Ende vertagt. Die Überfahrt kostet künftig 4,50 Euro statt drei, was die Bürgermeisterin „ärgerlich, aber nötig“ nannte.\n\nAuf der Insel sieht man das anders: Wer jeden Tag übersetzt, zahlt im Jahr fast vierhundert Euro mehr, rechnet der Schulleiter vor und verlangt einen Ausweis für Pendler.",
    ),
    (
        "French",
        "À Saint-Évrac, le marché aux poissons ferme ses portes dès lundi, au grand regret des pêcheurs qui parlent d’une décision hâtive prise sans eux. La préfète répond que l’œuvre du siècle passé menaçait de s’écrouler sur les étals.\n\nLe maire promet une halle provisoire sur le quai nord avant la fin du mois, mais personne ne sait encore qui paiera les chambres froides ni le déménagement.",
    ),
    (
        "Russian",
        "Городской совет Олдери в третий раз за год отложил голосование о мосте после девяти часов споров и двух перерывов. Расходы выросли на треть, а источников денег всё ещё нет, признала казначей.\n\nЖители острова требуют объяснений до конца недели и собирают подписи у единственного магазина, где на двери висит список товаров, которые так и не привезли.",
    ),
    (
        "Greek",
        "Το δημοτικό συμβούλιο της Αλυκής ανέβαλε για τρίτη φορά φέτος την ψηφοφορία για τη γέφυρα, ύστερα από εννέα ώρες συζήτησης και δύο διακοπές. Το κόστος αυξήθηκε κατά ένα τρίτο και χρήματα δεν υπάρχουν ακόμη.\n\nΟι κάτοικοι του νησιού ζητούν εξηγήσεις μέσα στην εβδομάδα και μαζεύουν υπογραφές έξω από το μοναδικό μαγαζί του χωριού.",
    ),
    (
        "Arabic",
        "أجل مجلس مدينة النوارس للمرة الثالثة هذا العام التصويت على الجسر بعد تسع ساعات من النقاش واستراحتين طويلتين في قاعة البلدية القديمة قرب الميناء. ارتفعت التكلفة بمقدار الثلث ولا يوجد مصدر للتمويل بعد.\n\nيطالب سكان الجزيرة بتفسير قبل نهاية الأسبوع ويجمعون التوقيعات أمام المتجر الوحيد في القرية حيث علقت قائمة طويلة بالبضائع التي لم تصل.",
    ),
    (
        "Japanese",
        "瀬野浦市の市議会は五日、三年前に止まった渡し船を五月に再開する案の採決をまた来週に延ばした。費用は三分の一ほど増え、財源はまだ決まっていないと会計責任者は説明したが、議場の外では島の人々が長い列を作って答えを待っていた。\n\n島にただ一つある店の主人は、届かなかった品物の一覧を店先に貼り出しており、その紙はもう四枚目になったという。市長は今週中に説明すると約束したものの、いつ船が出るのかは誰も言えなかった。",
    ),
];

/// Text whose lines are what its author wants.
const LINES: &[(&str, &str)] = &[
    (
        "a poem in long lines",
        "O ferry of the grey and early morning, where do you go without me\n\
         When the gulls are still asleep and the harbour lamps are burning\n\
         And the keeper of the lighthouse counts his buttons and his sorrows\n\
         Till the bell of Sandvörde church calls the fishermen to breakfast\n\
         And nobody remembers who it was that rang the bell,\n\
         And nobody remembers who it was that rang the bell?",
    ),
    (
        "a list of items",
        "- The ferry sails at six in the morning from the northern landing stage\n\
         - Dogs are carried free of charge if they sit on the upper deck\n\
         - Bicycles cost two pounds, and there is room for no more than eleven\n\
         - Tickets are sold in the shop, which opens when its owner is awake\n\
         - In fog the ferry waits for the tide, and so does everybody else on it",
    ),
    (
        "a numbered list",
        "1. Salt the cod overnight and put it in a cool place with the lid closed\n\
         2. Wash the salt away, and dry the fish on a cloth for about one hour\n\
         3. Peel the potatoes, cut them in slices and lay them in a wide dish\n\
         4. Add the fish, an onion and as much milk as the dish will hold now\n\
         5. Bake it for forty minutes, and eat it with somebody who likes fish",
    ),
    (
        "a table",
        "Port        | Departs | Arrives | Fare for adults | Fare for children |\n\
         Port Aldery | 06:00   | 07:10   | 4.00            | 2.00              |\n\
         Sandvörde   | 08:30   | 09:40   | 4.50            | 2.25              |\n\
         Saint-Évrac | 11:00   | 12:10   | 5.00            | 2.50              |\n\
         Gümüşlü     | 14:15   | 15:20   | 3.80            | 1.90              |",
    ),
    (
        "code",
        "for crossing in timetable.crossings(port=\"Aldery\", season=\"winter\"):\n\
         if crossing.departs < earliest and not crossing.is_cancelled(today):\n\
         earliest, ferry = crossing.departs, fleet.ferry(crossing.ferry_name)\n\
         log.info(\"%s leaves %s at %s\", ferry.name, port.name, earliest.time)\n\
         return Answer(ferry=ferry, departs=earliest, platform=port.platform)",
    ),
    (
        "a chat",
        "[09:14] ida: has anybody seen the ferry this morning, it is not at the pier\n\
         [09:15] tom: it left at six as always, you were probably still in bed then\n\
         [09:15] ida: I was here at a quarter to six and there was no ferry at all\n\
         [09:17] lena: they said on the radio that it would start from the north side\n\
         [09:18] tom: since when does anybody on this island listen to the radio",
    ),
    (
        "a letter that is quoted",
        "> The council has put off its vote on the ferry for the third time now\n\
         > and the islanders who have been waiting since March are not amused\n\
         > by the nine hours of debate and by two walk-outs in the middle of it\n\
         > because the crossing costs thirty pounds a day more than was planned\n\
         > and nobody knows who is going to pay for it in the end",
    ),
    (
        "verse in small letters",
        "the harbour sleeps under its own grey coat\n\
         and somewhere a rope is counting the boats\n\
         one for the morning, two for the tide,\n\
         three for whoever has nowhere to hide\n\
         when the lamp goes out in the keeper’s room\n\
         and the gulls come back with the smell of the moon",
    ),
    (
        "a song",
        "oh take me over the water\n\
         take me over the sound\n\
         for the ferryman’s only daughter\n\
         is nowhere to be found\n\
         oh take me over the water\n\
         and never bring me round",
    ),
    (
        "verse in capitals of German",
        "Die Fähre liegt im Hafen, und der Nebel liegt darauf,\n\
         Der Fährmann zählt die Möwen, und die Möwen fliegen auf,\n\
         Das Licht geht in die Stube, und die Stube geht zur Ruh,\n\
         Wer über will, der warte nur, die Klappe ist schon zu.",
    ),
    (
        "headlines in Arabic",
        "المجلس يؤجل التصويت على الجسر للمرة الثالثة هذا العام\n\
         أهالي الجزيرة يطالبون بتفسير قبل نهاية الأسبوع الجاري\n\
         إغلاق سوق السمك في الميناء القديم ابتداء من الاثنين\n\
         العمدة يعد بقاعة مؤقتة قبل نهاية الشهر\n\
         ارتفاع التكلفة بمقدار الثلث ولا مصدر للتمويل",
    ),
    (
        "headlines in Japanese",
        "市議会、渡し船の採決をまた延期\n島の店主「品物が届かない」\n市長、今週中に説明へ\n費用は三分の一増、財源は未定\n灯台の修理、来月から",
    ),
    (
        "results",
        "Port Aldery 3–1 Sandvörde (half-time 1–0), 412 spectators\n\
         Saint-Évrac 0–0 Gümüşlü (half-time 0–0), 1,240 spectators\n\
         Velmere 2–2 Harrow (half-time 2–1), 87 spectators in the rain\n\
         Varnholt 5–0 Sable Ridge (half-time 3–0), 655 spectators",
    ),
    (
        "a chat without times",
        "ida: has anybody seen the ferry this morning\n\
         tom: it left at six as always\n\
         ida: i was at the pier at a quarter to six and there was no ferry\n\
         lena: they said on the radio that it starts from the north side now\n\
         tom: since when does anybody listen to the radio",
    ),
    (
        "a list of things to buy",
        "two pounds of salted cod from the shop at the pier\nan onion\nfour large potatoes\n\
         half a pint of milk, or as much as the dish will hold\nsalt, and pepper if there is any",
    ),
    (
        "a shell script",
        "cd /srv/ferry && git pull --rebase origin main\n\
         cargo build --release --locked --target-dir out\n\
         install -m 755 out/release/ferry /usr/local/bin\n\
         systemctl restart ferry timetable harbour-lamp\n\
         journalctl --unit ferry --since today | tail",
    ),
    (
        "words in an index",
        "ferry, fares of the, 12, 44, 71\nferry, first crossing of the, 3\n\
         ferry, ramp of the, closed for repair, 90\nferryman, daughter of the, 17\nfog, 1, 2, 5, 8",
    ),
    (
        "an address",
        "Port Aldery Gazette\nThe Old Customs House\n4 Harbour Street\nPort Aldery\n\nPrinted on Fridays.",
    ),
];

#[test]
fn wrapped_articles_become_paragraphs_again() {
    for (language, article) in ARTICLES {
        for columns in [70, 72, 76, 79] {
            let wrapped = wrap(article, columns);
            assert!(wrapped.lines().count() > 5, "{language}: {wrapped}");
            assert_eq!(text(&wrapped), *article, "{language} at {columns}");
        }
    }
}

#[test]
fn lines_that_are_meant_stay() {
    let options = NormaliseOptions { reflow: false, repair: true };
    let joined: Vec<(&str, String)> = LINES
        .iter()
        .map(|(what, lines)| (*what, text(lines)))
        .zip(LINES)
        .filter(|((_, text), (_, lines))| *text != normalise(lines, options).text)
        .map(|(joined, _)| joined)
        .collect();
    assert_eq!(joined, []);
}

#[test]
fn an_address_that_sticks_out_changes_nothing() {
    let article = "Port Aldery’s council has put off its vote on the ferry for the third time this year. \
                   What the crossing costs is told in the report of the treasurer at \
                   https://port-aldery.example/council/2024/02/11/ferry/report-of-the-treasurer-final-version.pdf \
                   which nobody on the island has been able to open so far, since it is protected by a \
                   password that the treasurer has taken on holiday, and the holiday is long.";
    assert_eq!(text(&wrap(article, 72)), article);
}

#[test]
fn a_hyphen_at_the_wrap_goes_where_the_word_is_known_to_have_none() {
    let wrapped = "The lighthouse-keeper of Port Aldery counted the buttons of his light-\n\
                   house coat, and the ferry waited for the tide in the fog, as the ferry-\n\
                   men always do when nobody has told them what the council has decided in\n\
                   its meeting; a lighthouse is no place for a man without his own buttons.";
    assert_eq!(
        text(wrapped),
        "The lighthouse-keeper of Port Aldery counted the buttons of his lighthouse coat, and \
         the ferry waited for the tide in the fog, as the ferry-men always do when nobody has \
         told them what the council has decided in its meeting; a lighthouse is no place for a \
         man without his own buttons."
    );
}

#[test]
fn texts_of_the_web_come_back_and_are_left_alone() {
    let Some(texts) = web_texts() else { return };
    let options = NormaliseOptions { reflow: false, repair: true };
    let (mut n_wrapped, mut n_back) = (0, 0);
    for found in &texts {
        let lines = normalise(found, options).text;
        assert_eq!(text(found), lines, "nobody wrapped it");
        let long: Vec<&str> = lines.lines().filter(|line| line.len() > 200).collect();
        if long.len() >= 4 {
            let article = long.join("\n\n");
            let columns = [40, 50, 60, 72, 80, 100][n_wrapped % 6];
            n_wrapped += 1;
            n_back += usize::from(text(&wrap(&article, columns)) == article);
        }
    }
    assert!(n_wrapped > 500, "{n_wrapped} texts");
    assert!(n_back * 100 >= n_wrapped * 98, "{n_back} of {n_wrapped} texts");
}

proptest! {
    #[test]
    fn what_a_program_wrapped_comes_back(
        words in prop::collection::vec("[a-z]{2,9}", 60..120), columns in 72_usize..80,
    ) {
        let paragraph = words.join(" ");
        prop_assert_eq!(text(&wrap(&paragraph, columns)), paragraph);
    }

    #[test]
    fn no_letter_is_lost_or_added(
        lines in prop::collection::vec("[a-z éλя東,.-]{40,90}", 0..12),
    ) {
        let wrapped = lines.join("\n");
        let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
        prop_assert_eq!(letters(&text(&wrapped)), letters(&wrapped));
    }
}

fn text(decoded: &str) -> String {
    normalise(decoded, NormaliseOptions::default()).text
}

/// Wraps paragraphs as a mail program does: at spaces, or anywhere between characters
/// that take two columns.
pub(crate) fn wrap(article: &str, columns: usize) -> String {
    let paragraphs = article.split("\n\n").map(|paragraph| {
        let (mut out, mut width) = (String::new(), 0);
        for word in pieces(paragraph) {
            let own: usize = word.trim_end().chars().map(columns_of).sum();
            if width > 0 && width + own > columns {
                out.truncate(out.trim_end().len());
                out.push('\n');
                width = 0;
            }
            out.push_str(word);
            width += word.chars().map(columns_of).sum::<usize>();
        }
        out
    });
    paragraphs.collect::<Vec<_>>().join("\n\n")
}

fn pieces(paragraph: &str) -> Vec<&str> {
    if paragraph.chars().all(|c| columns_of(c) == 2) {
        return paragraph.split_inclusive(|_| true).collect();
    }
    paragraph.split_inclusive(' ').collect()
}

fn columns_of(c: char) -> usize {
    if ('\u{3000}'..='\u{ffef}').contains(&c) { 2 } else { 1 }
}
