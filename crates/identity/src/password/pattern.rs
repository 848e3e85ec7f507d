//! How much there is to a password besides runs that everybody tries: repetitions, sequences, keys in a row, years.

/// Keys in rows and columns, on Japanese and American keyboards, with and without shift.
const WALKS: [&str; 20] = [
    "1234567890-^",
    "qwertyuiop@[",
    "asdfghjkl;:]",
    "zxcvbnm,./",
    "!\"#$%&'()=~",
    "!@#$%^&*()_+",
    "1qaz",
    "2wsx",
    "3edc",
    "4rfv",
    "5tgb",
    "6yhn",
    "7ujm",
    "!qaz",
    "@wsx",
    "\"wsx",
    "#edc",
    "$rfv",
    "%tgb",
    "1q2w3e4r5t6y7u8i9o0p",
];
/// Two keys side by side happen in ordinary words.
const SHORTEST_RUN: usize = 3;
const YEARS: std::ops::RangeInclusive<u32> = 1900..=2049;

/// The number of characters, each run counting once. Letters are expected in small.
pub fn weight(text: &[char]) -> usize {
    let (mut at, mut weight) = (0, 0);
    while at < text.len() {
        let echo = echo(text, at);
        if echo > 0 {
            at += echo;
            continue;
        }
        at += run(&text[at..]);
        weight += 1;
    }
    weight
}

/// How many characters from here repeat what stands just before them; a single sign may come twice by chance.
fn echo(text: &[char], at: usize) -> usize {
    let repeats = |period: &usize| text.get(at..at + period) == Some(&text[at - period..at]);
    (2..=at).rev().find(repeats).unwrap_or(0)
}

/// The length of the longest run that begins here.
fn run(text: &[char]) -> usize {
    let same = text.iter().take_while(|character| **character == text[0]).count();
    let runs = [same, sequence(text, 1), sequence(text, -1), walk(text), date(text)];
    runs.into_iter().filter(|length| *length >= SHORTEST_RUN).max().unwrap_or(1)
}

/// Letters or digits one after the other, up or down.
fn sequence(text: &[char], step: i32) -> usize {
    let follows = |pair: &&[char]| {
        pair.iter().all(|character| character.is_ascii_alphanumeric()) && pair[1] as i32 - pair[0] as i32 == step
    };
    1 + text.windows(2).take_while(follows).count()
}

/// Keys side by side, in either direction.
fn walk(text: &[char]) -> usize {
    let along = |keys: &[char]| {
        let common = |from: usize| keys[from..].iter().zip(text).take_while(|(key, typed)| key == typed).count();
        (0..keys.len()).map(common).max().unwrap_or(0)
    };
    let both = |walk: &str| {
        let mut keys: Vec<char> = walk.chars().collect();
        let forward = along(&keys);
        keys.reverse();
        forward.max(along(&keys))
    };
    WALKS.iter().map(|walk| both(walk)).max().unwrap_or(0)
}

/// A year, or a day as eight digits.
fn date(text: &[char]) -> usize {
    let digits: Vec<u32> = text.iter().take(8).map_while(|character| character.to_digit(10)).collect();
    let number = |digits: &[u32]| digits.iter().fold(0, |number, digit| number * 10 + digit);
    if digits.len() < 4 || !YEARS.contains(&number(&digits[..4])) {
        return 0;
    }
    let is_day =
        digits.len() == 8 && (1..=12).contains(&number(&digits[4..6])) && (1..=31).contains(&number(&digits[6..8]));
    if is_day { 8 } else { 4 }
}
