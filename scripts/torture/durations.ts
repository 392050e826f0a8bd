/**
 * Numbers out of range: each must end the run with 64 and an error that names the limit; none may be accepted
 * or overflow.
 */
import { type Row, howEnded } from './harness.ts';
import { fakeLine } from './tokens.ts';

const TOO_LONG = [
  '597h',
  '700h',
  '999999h',
  '99999999h',
  '1e9',
  '1e9s',
  '0',
  '0s',
  '-1s',
  '-5',
  '1.5h',
  'NaN',
  'Infinity',
  '90',
  '9'.repeat(400),
  '9'.repeat(400) + 's',
  '0x10s',
  '٣s',
  '',
  ' ',
];
const NUMBERS = [
  '0',
  '-1',
  '1e9',
  '99999999999999999999',
  'NaN',
  'Infinity',
  '-Infinity',
  '1e309',
  '9'.repeat(400),
  '',
  ' ',
  '1;2',
];

const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  'max-duration': TOO_LONG,
  jitter: TOO_LONG,
  'agent-timeout': TOO_LONG,
  workers: [...NUMBERS, '1.5', '65'],
  remind: [...NUMBERS, '0.5', '3651'],
  'max-rate': NUMBERS,
  shard: ['0/0', '0/1', '2/1', '-1/2', '1/0', '1/99999999999', '1.5/2', '1/1e9', '1', '1/2/3', ''],
};

export const durations: readonly Row[] = Object.entries(OPTIONS).map(([option, values]) => ({
  name: `durations/--${option}`,
  isShort: true,
  run: async (trial) => {
    trial.write('home/x.ini', fakeLine('duration'));
    trial.makeState();
    const chosen = trial.isShort ? values.slice(0, 3) : values;
    for (const value of chosen) {
      for (const how of trial.isShort || values.indexOf(value) > 3 ? ['flag'] : ['flag', 'variable']) {
        const variable = `SECRETS_SCAN_${option.replaceAll('-', '_').toUpperCase()}`;
        const args = [
          ...(how === 'flag' ? [`--${option}=${value}`] : []),
          '--standalone',
          '--state-dir',
          trial.path('state'),
          trial.path('home'),
        ];
        const ended = await trial.scan(args, { wall: 10, env: how === 'flag' ? {} : { [variable]: value } });
        const what = `${how} ${JSON.stringify(value.slice(0, 30))}`;
        // An empty variable is not documented as an error.
        if (how === 'variable' && value.trim() === '' && ended.code === 0) continue;
        trial.check(
          ended.code === 64 || (how === 'variable' && ended.code === 78),
          `${what}: ${howEnded(ended)}`,
        );
        trial.check(
          /\d/.test(ended.stderr.replaceAll(value, '')) || value.trim() === '',
          `${what}: no bound in ${JSON.stringify(ended.stderr.slice(0, 150))}`,
        );
      }
    }
  },
}));
