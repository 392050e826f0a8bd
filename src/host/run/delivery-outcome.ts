/** What the result of a run's publications means for the exit code and for standard error. */
import { errorKind } from '../exit/task-error.ts';
import type { ExitTable } from '../exit/exit-table.ts';
import type { Delivery, Verdict } from '../delivery/index.ts';

export interface DeliveryOutcome {
  /** Names of the exits that apply. */
  readonly exits: readonly string[];
  /** One line for standard error, without the name of the program and the line feed; undefined if there is nothing to say. */
  readonly line: string | undefined;
  /** Whether the important records follow that line. */
  readonly isListed: boolean;
}

export interface OutcomeOptions {
  readonly delivery: Delivery;
  /** Undefined without an agent. */
  readonly verdict: Verdict | undefined;
  readonly exits: ExitTable;
  /** The program's name. */
  readonly source: string;
  /** Renders an error. */
  readonly show: (error: unknown) => string;
}

export function deliveryOutcome(options: OutcomeOptions): DeliveryOutcome {
  const { delivery, verdict, exits: table, source, show } = options;
  const { denied, unheard, kept, lost, unconfirmed, brokenBy } = delivery;
  const isSilent = verdict?.kind === 'denied';
  const exits: string[] = denied > 0 || isSilent ? ['refused'] : [];
  if (verdict?.kind === 'suspicious') exits.push('unconfirmed');
  const remedy = `check mqttTopics.allowedPublications in the job and --client-id-template, or run "${source} doctor"`;
  if (kept === 0 && lost === 0) return withoutLoss({ exits, verdict, unconfirmed, remedy });
  const isKnown = errorKind(brokenBy) !== 'internal';
  if (isKnown) exits.push(table.exitFor(brokenBy));
  if (!isSilent) exits.push('unreachable');
  const causes = [
    ...(isSilent ? [`the agent acknowledges records but drops them: ${remedy}`] : []),
    ...(denied > 0 ? [`the agent denied ${denied} of them: ${remedy}`] : []),
    ...(unheard > 0 ? [`the agent's logger is not listening on KeeperLogger`] : []),
    ...(isKnown ? [show(brokenBy)] : []),
  ];
  const reason = causes.length === 0 ? '' : ` (${causes.join('; ')})`;
  const what = isSilent || unheard > 0 ? 'did not arrive' : 'were not acknowledged';
  return {
    exits,
    line: `${kept + lost} records ${what}${reason}${fateOf(kept, lost)}. Those of level Warning and above:`,
    isListed: true,
  };
}

function withoutLoss({
  exits,
  verdict,
  unconfirmed,
  remedy,
}: {
  readonly exits: readonly string[];
  readonly verdict: Verdict | undefined;
  readonly unconfirmed: number;
  readonly remedy: string;
}): DeliveryOutcome {
  if (verdict?.kind === 'denied') {
    return { exits, line: `the agent drops the records of this job: ${remedy}`, isListed: false };
  }
  const isSuspicious = verdict?.kind === 'suspicious';
  if (!isSuspicious && (unconfirmed === 0 || verdict === undefined)) {
    return { exits, line: undefined, isListed: false };
  }
  const noProof = 'there is no proof that the agent accepted the records of this run';
  const unprovable = "because neither --probe-topic nor the agent's log can be used";
  if (unconfirmed === 0) return { exits, line: `${noProof}: ${remedy}`, isListed: false };
  const fate = `${unconfirmed} of level Warning and above were kept and will be sent again (--remind-unconfirmed)`;
  return {
    exits,
    line: isSuspicious ? `${noProof}: ${remedy}; ${fate}:` : `${noProof}, ${unprovable}; ${fate}`,
    isListed: isSuspicious,
  };
}

/** The fate of undelivered records, for the message. */
function fateOf(kept: number, lost: number): string {
  if (lost === 0) return ', and the next run will send them';
  if (kept === 0) return ', and all of them are lost';
  return `: the next run will send ${kept} of them, and ${lost} are lost`;
}
