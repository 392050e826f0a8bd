/** Runs a program on a terminal of its own, which script(1) of util-linux makes. */
import { type ChildProcess, spawn } from 'node:child_process';
import { command } from './probe-under-test.ts';

export interface OnTerminal {
  readonly columns?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Appended to the command: `2>file`. */
  readonly redirection?: string;
  /** Called with all output so far whenever there is more. */
  readonly onOutput?: (output: string, child: ChildProcess) => void;
}

/** Runs the program under test. The output has both streams, with all escape sequences; `ESC` stands for their first character. */
export function onTerminal(
  args: readonly string[],
  { columns = 80, env = {}, redirection = '', onOutput }: OnTerminal = {},
): Promise<{ readonly code: number | null; readonly output: string }> {
  const words = [...command, ...args].map((word) => `'${word}'`).join(' ');
  const child = spawn('script', ['-qec', `stty cols ${columns}; exec ${words} ${redirection}`, '/dev/null'], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], TERM: 'xterm', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
    timeout: 50_000,
    killSignal: 'SIGKILL',
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    onOutput?.(output, child);
  });
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', (code) =>
      done({ code, output: output.replaceAll('\r\n', '\n').replaceAll('\u001b', 'ESC') }),
    );
  });
}
