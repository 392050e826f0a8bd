/** Sample queries for log systems, made from questions. They expect each record as it is published: one object of JSON. */
import type { Question, Shown } from '../../../src/host/task/documentation.ts';
import { code } from '../markdown.ts';
import { elastic } from './elastic.ts';
import type { Language } from './language.ts';
import { sentinel } from './sentinel.ts';
import { splunk } from './splunk.ts';

/** @param program the source of the records */
export function queries(questions: readonly Question[], program: string): string {
  return questions.map((question) => section(question, program)).join('\n\n');
}

function section(question: Question, program: string): string {
  const note = question.note === undefined ? [] : [question.note];
  const blocks = [splunk, sentinel, elastic].flatMap((language) => {
    const lines = [...language.head(question, program), ...tail(language, question.show)];
    return [`${language.name}:`, code(language.fence, lines.join('\n'))];
  });
  return [`### ${question.title}`, ...note, ...blocks].join('\n\n');
}

function tail(language: Language, show: Shown): readonly string[] {
  if (show.kind === 'list') return language.list(show.fields);
  if (show.kind === 'silent') return language.silent(show.days);
  return show.kind === 'count' ? language.count(show.by) : language.machines(show.by);
}
