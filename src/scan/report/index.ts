export { renderReport, reportFormats } from './formats.ts';
export { FindingStream } from './json-lines.ts';
export { jsonReport } from './json.ts';
export { scanResult } from './result.ts';
export type { ReportInput } from './report-input.ts';
export { type JsonReport, publishedSchemas } from './schema.ts';
export { readReport } from './read.ts';
export { renderText } from './text.ts';
