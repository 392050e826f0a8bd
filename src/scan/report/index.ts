export { type ReportInput } from './report-input.ts';
export { type JsonReport } from './schema.ts';
export { readReport } from './read.ts';
export { renderText } from './text.ts';
export { type ReportFormat, reportFormatOf, requireReportFolder, writeReport } from './write.ts';
