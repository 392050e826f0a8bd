/**
 * The formats of `--report` and of `report convert`. Each is rendered from the object of the JSON report (`schema.ts`), so that a file can be
 * converted to what the run itself would have written. Renderers are loaded when they are needed.
 */
import type { ReportFormat } from '../../host/task/report-format.ts';
import type { JsonReport } from './schema.ts';

interface Format extends ReportFormat {
  render(report: JsonReport): Promise<string>;
}

export const reportFormats = {
  json: {
    title: 'JSON',
    extensions: ['.json'],
    render: async (report) => (await import('./json.ts')).renderJson(report),
  },
  jsonl: {
    title: 'JSON Lines',
    extensions: ['.jsonl', '.ndjson'],
    isStreamed: true,
    render: async (report) => (await import('./json-lines.ts')).renderJsonLines(report),
  },
  sarif: {
    title: 'SARIF 2.1.0',
    extensions: ['.sarif', '.sarif.json'],
    render: async (report) => (await import('./sarif.ts')).renderSarif(report),
  },
  csv: {
    title: 'CSV',
    extensions: ['.csv'],
    render: async (report) => (await import('./csv.ts')).renderCsv(report),
  },
  junit: {
    title: 'JUnit',
    extensions: ['.xml'],
    render: async (report) => (await import('./junit.ts')).renderJunit(report),
  },
  gitlab: {
    title: "GitLab's secret detection",
    extensions: [],
    render: async (report) => (await import('./gitlab.ts')).renderGitlab(report),
  },
  markdown: {
    title: 'Markdown',
    extensions: ['.md'],
    render: async (report) => (await import('./markdown.ts')).renderMarkdown(report),
  },
  html: {
    title: 'HTML page',
    extensions: ['.html', '.htm'],
    render: async (report) => (await import('./html-report.ts')).renderHtml(report),
  },
} as const satisfies Readonly<Record<string, Format>>;

/** @param format a key of `reportFormats` */
export async function renderReport(format: string, report: JsonReport): Promise<string> {
  const formats: Readonly<Record<string, Format>> = reportFormats;
  const chosen = formats[format];
  if (chosen === undefined) throw new Error(`there is no report format ${format}`);
  return await chosen.render(report);
}
