/** The machine in general terms: enough to interpret the figures, nothing that identifies it. */
import { readFileSync } from 'node:fs';
import { availableParallelism, loadavg, totalmem } from 'node:os';

const SIMD = ['avx512bw', 'avx2', 'ssse3', 'asimd'];

export function describeMachine(): string {
  const cores = availableParallelism();
  const memory = Math.round(totalmem() / 2 ** 30);
  const [load = 0] = loadavg();
  const system = `${process.platform}, Node ${process.versions.node}`;
  return `${cores} cores, ${memory} GiB of memory, ${processor()}, ${system}, load ${load.toFixed(1)} before the run`;
}

/** Vendor, family and widest SIMD; available only on Linux. */
function processor(): string {
  let text = '';
  try {
    text = readFileSync('/proc/cpuinfo', 'utf8');
  } catch {
    return process.arch;
  }
  const field = (name: string) => new RegExp(`^${name}\\s*: (.*)$`, 'm').exec(text)?.[1];
  const flags = (field('flags') ?? field('Features') ?? '').split(' ');
  const widest = SIMD.find((flag) => flags.includes(flag)) ?? 'no SIMD known';
  return `${process.arch} (${field('vendor_id') ?? 'vendor unknown'} family ${field('cpu family') ?? '?'}, ${widest})`;
}
