//! Memory taken in large steps.
//!
//! The records of a tree are many small pieces that stay until the end. The allocator of the usual C
//! library takes memory for a thread page by page, a call to the system for each, and hands it back as
//! soon as it can. A large piece that is taken and given back makes it take that much at once, and keep
//! it: of a check of 100 000 records that is a twelfth of the time. Other allocators lose nothing by it.

use std::{cell::Cell, hint::black_box};

/// Bytes taken at once: about what so many records as [`EVERY`] need.
const STEP: usize = 8 << 20;
/// After how many files a thread takes the next step.
const EVERY: u32 = 2048;

thread_local! {
    static READ: Cell<u32> = const { Cell::new(0) };
}

/// Says that this thread is about to read one more file, and to keep what it says.
pub(crate) fn one_more_file() {
    let read = READ.get();
    READ.set(read.wrapping_add(1));
    match read {
        // The first large piece goes back to the system, and tells the allocator that such pieces come.
        0 => (0..2).for_each(|_| step()),
        _ if read.is_multiple_of(EVERY) => step(),
        _ => {}
    }
}

fn step() {
    drop(black_box(Vec::<u8>::with_capacity(STEP)));
}
