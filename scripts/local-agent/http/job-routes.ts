/**
 * The Jobs API: list, create, update, delete, validate, run, trigger, reload (KEPM documentation, "HTTP reference guide",
 * "Jobs run guide"). Only the list is for processes that the agent started; the rest needs the administrator's client
 * certificate. Bodies of replies are not documented: these contain the minimum that a script needs.
 */
import type { JobDocument } from '../../../src/host/job/schema.ts';
import { contextOf } from '../jobs/context-values.ts';
import type { JobService } from '../jobs/job-service.ts';
import { checkJob } from '../jobs/job-store.ts';
import { type Call, type Reply, type Route, ok, problem } from './router.ts';

export function jobRoutes(service: JobService): Route[] {
  const admin = (method: Route['method'], path: string, handle: Route['handle']): Route => ({
    method,
    path,
    tier: 'admin',
    handle,
  });
  const withJob = (act: (job: JobDocument, call: Call) => Reply) => (call: Call) => {
    const job = service.jobs.get(call.parameters['jobId'] ?? '');
    return job === undefined ? problem(404, `no such job: ${call.parameters['jobId']}`) : act(job, call);
  };
  return [
    {
      method: 'GET',
      path: '/api/Jobs',
      tier: 'plugin',
      handle: () => ok([...service.jobs.values()].map(summary)),
    },
    admin('POST', '/api/Jobs', ({ body }) => {
      const { job, problems } = checkJob(body);
      if (job === undefined) return problem(400, 'no valid job document', problems);
      if (service.jobs.has(job.id)) return problem(409, `the job exists: ${job.id}`);
      service.write(job.id, body);
      return ok(summary(job), 201);
    }),
    admin('POST', '/api/Jobs/validate', ({ body }) => ok(service.validate(body))),
    admin('POST', '/api/Jobs/reload', () => ok(service.reload())),
    admin(
      'GET',
      '/api/Jobs/:jobId',
      withJob((job) => ok({ job, lastRun: service.lastRun(job.id) ?? null })),
    ),
    admin(
      'PUT',
      '/api/Jobs/:jobId',
      withJob(({ id }, { body }) => {
        const { job, problems } = checkJob(body, id);
        if (job === undefined) return problem(400, 'no valid job document', problems);
        service.write(id, body);
        return ok(summary(job));
      }),
    ),
    admin(
      'DELETE',
      '/api/Jobs/:jobId',
      withJob((job) => {
        service.remove(job.id);
        return ok(summary(job));
      }),
    ),
    admin(
      'POST',
      '/api/Jobs/:jobId/run',
      withJob((job) => started(service, job, [])),
    ),
    admin(
      'POST',
      '/api/Jobs/:jobId/trigger',
      withJob((job, { body }) => started(service, job, triggerValues(body))),
    ),
  ];
}

function summary({ id, name, description, enabled }: JobDocument) {
  return { id, name, description: description ?? null, enabled };
}

/** Parameters in a trigger's body: in an object `parameters`, or as the body itself. The shape is not documented. */
function triggerValues(body: unknown): [string, string][] {
  const isWrapped = typeof body === 'object' && body !== null && 'parameters' in body;
  return contextOf(isWrapped ? body.parameters : body);
}

function started(service: JobService, job: JobDocument, values: readonly [string, string][]): Reply {
  const { runId, skipped } = service.start(job, 'api', new Map(values));
  return skipped === undefined
    ? ok({ jobId: job.id, runId, status: 'started' }, 202)
    : problem(409, `the job does not run: ${skipped}`);
}
