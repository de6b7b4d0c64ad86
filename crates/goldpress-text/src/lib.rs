//! From bytes to normalised text: decode, repair, normalise, lines, words, sentences
