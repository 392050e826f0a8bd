/** Reads the JSON Lines report of one run: a line for each finding, then the summary. */
import { parseJson } from '../../../host/platform/untrusted-json.ts';
import { parseReport } from '../read.ts';
import type { JsonReport } from '../schema.ts';

/** True for the content of a JSON Lines report, whose lines begin with their type; records begin with other fields. */
export function isLinesReport(content: Buffer): boolean {
  return /^\{"type":"(?:finding|summary)",/.test(content.toString('latin1', 0, 40));
}

/** @throws Error that quotes nothing, when a line is damaged or when the summary, which ends the report, is missing */
export async function parseLinesReport(text: string): Promise<JsonReport> {
  const lines = text.split('\n').filter((line) => line !== '');
  const objects = lines.map((line) => Object(parseJson(line)));
  const { type, findings: count, outcome, ...run } = objects.pop() ?? {};
  if (type !== 'summary' || count !== objects.length) throw new Error('it is incomplete: its end is missing');
  return await parseReport(JSON.stringify({ ...run, outcome: { ...Object(outcome), findings: objects } }));
}
