//! How many order lines a second `earnest simulate` replays, beside the same file read by the CSV reader alone.
//!
//! `cargo bench -p earnest-cli --bench simulate`. The file is made here, always the same: 20,000 members, a
//! year of orders, three lines each on average, under twenty rules. It is replayed at one size and at four
//! times that size, so that the memory of both can be compared. Where the system tells it (Linux), time is that
//! of the processor, which other programs disturb least. Nothing is asserted about time.

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const MEMBERS: u64 = 20_000;
const ORDERS: u64 = 170_000;
const YEAR_S: u64 = 365 * 86_400;
/// 2025-01-01T00:00:00Z.
const START_S: u64 = 1_735_689_600;
const ROUNDS: usize = 3;
const CATEGORIES: [&str; 24] = [
    "coffee",
    "tea",
    "bread",
    "pastry",
    "fruit",
    "vegetables",
    "dairy",
    "cheese",
    "meat",
    "fish",
    "frozen",
    "sweets",
    "snacks",
    "wine",
    "beer",
    "water",
    "juice",
    "soap",
    "care",
    "paper",
    "cleaning",
    "baby",
    "pets",
    "garden",
];
const TAGS: [&str; 7] = [
    "organic",
    "own-brand",
    "new",
    "sale",
    "regional",
    "vegan",
    "fair-trade",
];

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let program = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/twenty-rules.toml");
    for times in [1, 4] {
        let file = folder.join(format!("orders-{times}.csv"));
        let lines = write_orders(&file, ORDERS * times)?;
        println!(
            "{} orders, {lines} lines, {MEMBERS} members",
            ORDERS * times
        );
        let (mut reading, mut simulating, mut peak_kb) = (Duration::MAX, Duration::MAX, 0);
        // In turn, so that both see the same weather.
        for _ in 0..ROUNDS {
            reading = reading.min(read_alone(&file)?);
            let (took, peak) = simulate(program, &file)?;
            simulating = simulating.min(took);
            peak_kb = peak_kb.max(peak);
        }
        tell(
            "read the CSV and nothing else (baseline)",
            lines,
            reading,
            reading,
        );
        tell("earnest simulate", lines, simulating, reading);
        println!("  peak memory of earnest simulate: {} MB", peak_kb / 1_024);
    }
    Ok(())
}

fn read_alone(file: &Path) -> Result<Duration, Box<dyn Error>> {
    let started = (Instant::now(), processor_time("self"));
    let mut reader = csv::ReaderBuilder::new()
        .buffer_capacity(1 << 18)
        .from_path(file)?;
    let (mut row, mut bytes) = (csv::StringRecord::new(), 0);
    while reader.read_record(&mut row)? {
        bytes += row.as_slice().len();
    }
    std::hint::black_box(bytes);
    let ended = processor_time("self");
    let on_processor = ended
        .zip(started.1)
        .map(|(end, start)| end.saturating_sub(start));
    Ok(on_processor.unwrap_or_else(|| started.0.elapsed()))
}

/// How long the command took, and its peak memory in KB (0 where the system does not say).
fn simulate(program: &str, orders: &PathBuf) -> Result<(Duration, u64), Box<dyn Error>> {
    let started = Instant::now();
    let mut command = Command::new(env!("CARGO_BIN_EXE_earnest"));
    command
        .args(["simulate", program, "--json", "--orders"])
        .arg(orders);
    let mut child = command.stdout(Stdio::null()).spawn()?;
    let id = child.id().to_string();
    let (mut peak_kb, mut on_processor) = (0, None);
    loop {
        if let Some(ended) = child.try_wait()? {
            if !ended.success() {
                return Err(format!("earnest simulate ended with {ended}").into());
            }
            return Ok((on_processor.unwrap_or_else(|| started.elapsed()), peak_kb));
        }
        let told = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
        let peak = told.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let peak = peak.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok());
        peak_kb = peak_kb.max(peak.unwrap_or(0));
        on_processor = processor_time(&id).or(on_processor);
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// What a process has used of the processor, in user and in kernel mode; Linux counts in hundredths of a second.
fn processor_time(process: &str) -> Option<Duration> {
    let told = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let behind_name = told.rsplit_once(')')?.1;
    let mut fields = behind_name.split_whitespace().skip(11);
    let mut ticks = || fields.next()?.parse::<u64>().ok();
    Some(Duration::from_millis((ticks()? + ticks()?) * 10))
}

fn tell(what: &str, lines: u64, took: Duration, baseline: Duration) {
    let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX).max(1);
    let each_second = lines * 1_000_000 / micros;
    let tenths = took.as_micros() * 10 / baseline.as_micros().max(1);
    println!(
        "  {what:<42} {each_second:>10} lines/s {:>6}.{} x the baseline",
        tenths / 10,
        tenths % 10
    );
}

/// Writes the orders, and answers with their number of lines.
fn write_orders(file: &Path, orders: u64) -> Result<u64, Box<dyn Error>> {
    let mut out = BufWriter::new(File::create(file)?);
    writeln!(
        out,
        "order_id,member_id,placed_at,currency,product,category,tag,quantity,unit_price,discount,tax"
    )?;
    // A linear congruential generator (Knuth, MMIX); its high bits are even enough for a shop.
    let mut state = 7_u64;
    let mut random = |below: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut lines = 0;
    for order in 0..orders {
        let at = START_S + order * YEAR_S / orders;
        let placed_at = instant(at);
        let member = random(MEMBERS);
        for _ in 0..=random(5) {
            let product = random(400);
            let nth = usize::try_from(product)?;
            let (category, tag) = (CATEGORIES[nth % 24], TAGS[nth % 7]);
            let cents = 100 + random(5_000);
            let discount = if random(8) == 0 { cents / 10 } else { 0 };
            let quantity = 1 + random(20) / 15;
            writeln!(
                out,
                "{order},member-{member},{placed_at},EUR,product-{product},{category},{tag},\
                 {quantity},{}.{:02},{}.{:02},0.00",
                cents / 100,
                cents % 100,
                discount / 100,
                discount % 100,
            )?;
            lines += 1;
        }
    }
    out.flush()?;
    Ok(lines)
}

/// A second of 2025, as exports write it.
fn instant(at: u64) -> String {
    let day = i64::try_from(at / 86_400).unwrap_or(0);
    let date = earnest_core::Date::of_day(day);
    let (hour, minute, second) = (at / 3_600 % 24, at / 60 % 60, at % 60);
    format!(
        "{:04}-{:02}-{:02}T{hour:02}:{minute:02}:{second:02}Z",
        date.year, date.month, date.day
    )
}
