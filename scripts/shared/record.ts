/** Updates the recorded figures in a README. */
import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';

/** Replaces the text between `<!-- recorded: name -->` and `<!-- end -->`. */
export async function record(readme: string, name: string, text: string): Promise<void> {
  const filled = readFileSync(readme, 'utf8').replaceAll(
    /(<!-- recorded: ([a-z]+) -->\n).*?(<!-- end -->)/gs,
    (block, start: string, found: string, end: string) =>
      found === name ? `${start}\n${text}\n\n${end}` : block,
  );
  writeFileSync(readme, await format(filled, { ...(await resolveConfig(readme)), parser: 'markdown' }));
}
