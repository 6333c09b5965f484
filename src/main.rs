//! The binary `quorate`: parse, call the library, map to an exit code.

fn main() -> std::process::ExitCode {
    quorate::cli::main()
}
