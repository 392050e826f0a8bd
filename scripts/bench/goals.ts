/** The scanner's goals, as ratios within one run, and whether a run reached them. */
import { megabytes, ratio, speed } from '../shared/tables.ts';

/** The measurements that goals refer to; undefined where not measured. */
export interface Measured {
  /** Our prefilter's speed divided by Vectorscan's, on the product's words. */
  readonly prefilter: number | undefined;
  /** Bytes per second with 300 words. */
  readonly prefilter300: number | undefined;
  /** Our time divided by ripgrep's with the same words. */
  readonly wholeTree: number | undefined;
  /** Their time divided by ours. */
  readonly kingfisher: number | undefined;
  readonly gitleaks: number | undefined;
  readonly secretlint: number | undefined;
  /** Our time divided by that of `find -printf`. */
  readonly unchangedRerun: number | undefined;
  /** Bytes. */
  readonly peak: number | undefined;
  /** Our time divided by that of `node -e 0`. */
  readonly smallTree: number | undefined;
}

interface Goal {
  readonly name: string;
  readonly key: keyof Measured;
  readonly better: 'more' | 'less';
  readonly goal: number;
  readonly stretch: number;
  readonly show: (value: number) => string;
}

const goals: readonly Goal[] = [
  {
    name: "prefilter, rules' words, by Vectorscan",
    key: 'prefilter',
    better: 'more',
    goal: 1,
    stretch: 1.5,
    show: ratio,
  },
  { name: 'prefilter, 300 words', key: 'prefilter300', better: 'more', goal: 3e9, stretch: 3e9, show: speed },
  {
    name: 'whole tree, by ripgrep with the same words',
    key: 'wholeTree',
    better: 'less',
    goal: 0.5,
    stretch: 0.4,
    show: ratio,
  },
  { name: 'faster than kingfisher', key: 'kingfisher', better: 'more', goal: 5, stretch: 10, show: ratio },
  { name: 'faster than gitleaks', key: 'gitleaks', better: 'more', goal: 20, stretch: 40, show: ratio },
  {
    name: 'faster than secretlint',
    key: 'secretlint',
    better: 'more',
    goal: 100,
    stretch: 1000,
    show: ratio,
  },
  {
    name: 'unchanged rerun, by find -printf',
    key: 'unchangedRerun',
    better: 'less',
    goal: 0.65,
    stretch: 0.5,
    show: ratio,
  },
  { name: 'peak memory, any tree', key: 'peak', better: 'less', goal: 120e6, stretch: 90e6, show: megabytes },
  {
    name: '10 MB from start to end, by node -e 0',
    key: 'smallTree',
    better: 'less',
    goal: 4,
    stretch: 3,
    show: ratio,
  },
];

export const goalHead = ['goal', 'to reach', 'stretch', 'reached', ''];

/** A row per goal. */
export function goalRows(measured: Measured): string[][] {
  return goals.map(({ name, key, better, goal, stretch, show }) => {
    const sign = better === 'more' ? '≥' : '≤';
    const value = measured[key];
    const beside = [`${sign} ${show(goal)}`, stretch === goal ? '' : `${sign} ${show(stretch)}`];
    if (value === undefined) return [name, ...beside, '-', 'not yet measured'];
    const reaches = (limit: number) => (better === 'more' ? value >= limit : value <= limit);
    return [
      name,
      ...beside,
      show(value),
      reaches(stretch) ? 'met, stretch too' : reaches(goal) ? 'met' : 'not met',
    ];
  });
}
