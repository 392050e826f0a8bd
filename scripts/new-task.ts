/**
 * Turns a checkout into the starting point of another task: the scanner is removed, the host stays, and a small
 * first task replaces the scanner.
 *
 *   npm run new-task -- NAME [--dir CHECKOUT]
 *
 * NAME becomes the name of the executable, its job and its folder (`src/NAME/`). Nothing is committed. Exit code 64
 * when the checkout or the name cannot be used; nothing has changed then.
 */
import { parseArgs } from 'node:util';
import { describeError } from '../src/host/exit/task-error.ts';
import { Refusal, newTask } from './new-task/new-task.ts';

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { dir: { type: 'string', default: '.' } },
  });
  const [name, ...others] = positionals;
  if (name === undefined || others.length > 0) {
    throw new Refusal('write npm run new-task -- NAME [--dir CHECKOUT]');
  }
  for await (const line of newTask(name, values.dir)) console.log(line);
} catch (error) {
  console.error(`new-task: ${describeError(error)}`);
  process.exitCode = error instanceof Refusal ? 64 : 70;
}
