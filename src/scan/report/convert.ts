/** `report convert`: a JSON report in another format. */
import * as z from 'zod';
import { TaskError } from '../../host/exit/task-error.ts';
import { reportFormatOf } from '../../host/task/report-format.ts';
import type { TaskCommand, TaskCommandContext } from '../../host/task/task-command.ts';
import { LONGEST_PATH, boundedText } from '../../host/task/text-schemas.ts';
import { renderReport, reportFormats } from './formats.ts';
import type { JsonReport } from './schema.ts';

const ConvertOptions = z.object({
  report: z.array(boundedText(LONGEST_PATH)).default([]).meta({
    description: 'The JSON report, as --report=FILE.json writes it',
    positional: true,
  }),
  to: z
    .enum(['text', ...Object.keys(reportFormats)])
    .optional()
    .meta({
      description:
        'Format of the result. By default, that of the extension of --output, or text without --output',
      placeholder: 'format',
    }),
  output: boundedText(LONGEST_PATH).optional().meta({
    description: 'Write the result to this file instead of standard output',
    placeholder: 'file',
  }),
});
type Context = TaskCommandContext<z.output<typeof ConvertOptions>>;

export const convertReport: TaskCommand<typeof ConvertOptions> = {
  description: 'Turn a JSON report into another format',
  options: ConvertOptions,
  usage: ['[options] <report>'],
  examples: [
    { arguments: 'report.json', meaning: 'show it as text' },
    { arguments: 'report.json --output report.sarif', meaning: 'the extension selects the format' },
    { arguments: 'report.json --to gitlab --output gl-secret-detection-report.json', meaning: 'for GitLab' },
  ],
  run: async (context) => {
    const { options, stdout, writeOutput } = context;
    const { output, to = output === undefined ? 'text' : reportFormatOf(output, reportFormats) } = options;
    const report = await readNamed(context);
    const text = to === 'text' ? await asText(report, context) : await renderReport(to, report);
    if (output === undefined) stdout.write(text);
    else await writeOutput(output, text, { what: 'the report', option: '--output' });
    return [];
  },
};

async function readNamed({ options, readInput }: Context): Promise<JsonReport> {
  const [path, another] = options.report;
  if (path === undefined || another !== undefined) {
    throw new TaskError('usage', 'name one JSON report: report convert FILE --to FORMAT');
  }
  const { readNamedReport } = await import('./read.ts');
  return await readNamedReport(path, 'the report', readInput);
}

async function asText(report: JsonReport, { style, options }: Context): Promise<string> {
  const { renderText } = await import('./text.ts');
  const isShown = options.output === undefined;
  return renderText(report, isShown ? style : { ...style, colour: false, isTerminal: false });
}
