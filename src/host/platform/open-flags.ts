/** Flags of open(2) that differ between systems. Windows has none of them: they are 0 there and have no effect. */
import { constants } from 'node:fs';

// Undefined on Windows, contrary to the types.
export const {
  O_DIRECTORY = 0,
  O_NOFOLLOW = 0,
  O_NONBLOCK = 0,
  O_NOCTTY = 0,
} = constants as Record<string, number | undefined>;

/** `<sys/fcntl.h>` of macOS 11 and later, not among Node's constants. Not to be combined with `O_NOFOLLOW`. */
const O_NOFOLLOW_ANY = 0x2000_0000;

/** `<asm-generic/fcntl.h>` of Linux, the same on x64 and arm64; not among Node's constants. */
export const O_PATH = 0o10_000_000;

/** Refuses a link in the last component of the path; on macOS, in any component. */
export const NO_LINK = process.platform === 'darwin' ? O_NOFOLLOW_ANY : O_NOFOLLOW;

/** Flags to read a file of another user: no link is followed, and a FIFO does not block. */
export const READ_AT_ONCE = constants.O_RDONLY | O_NONBLOCK | O_NOFOLLOW;
