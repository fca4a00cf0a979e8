//! The simulator's command line: `cargo xtask sim` builds it and passes its arguments on.

use std::panic;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use clap::Parser;

/// Simulates members over the ledger's own statements, with faults at every storage call.
#[derive(Parser)]
struct Arguments {
    /// Where the numbers come from. Default: the clock, so that each run is another.
    #[arg(long)]
    seed: Option<u64>,
    /// How many operations.
    #[arg(long, default_value_t = 1_000_000)]
    operations: u64,
}

fn main() -> ExitCode {
    let Arguments { seed, operations } = Arguments::parse();
    let clock = || {
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default()
    };
    let seed = seed.unwrap_or_else(|| clock().as_secs());
    // What panics is told with its seed.
    panic::set_hook(Box::new(|_| {}));
    let started = Instant::now();
    let tenth = operations.div_ceil(10).max(1);
    let told = AtomicU64::new(0);
    let progress = |done: u64| {
        if told.fetch_max(done / tenth, Ordering::Relaxed) < done / tenth {
            let seconds = started.elapsed().as_secs();
            eprintln!("  {done:>9} operations, {seconds} s");
        }
    };
    match earnest_sim::run(seed, operations, progress) {
        Ok(tally) => {
            let seconds = started.elapsed().as_secs_f64();
            print!("{tally}");
            #[expect(clippy::cast_precision_loss, reason = "a rate, to be read by somebody")]
            let rate = operations as f64 / seconds;
            println!(
                "{operations} operations from seed {seed} in {seconds:.1} s, {rate:.0} a second: everything holds"
            );
            ExitCode::SUCCESS
        }
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}
