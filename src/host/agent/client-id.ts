/**
 * The MQTT client id. The agent derives the job from the format of the id (KEPM documentation, "MQTT topic permissions"), which is
 * not public; therefore, the id is a template.
 */

export interface ClientIdParts {
  readonly jobId: string;
  readonly jobName: string;
  readonly pid: number;
}

/** Fills `{jobId}`, `{jobName}` and `{pid}`; the configuration has refused any other token. */
export function clientId(template: string, parts: ClientIdParts): string {
  const values: Readonly<Record<string, string>> = { ...parts, pid: String(parts.pid) };
  return template.replaceAll(/\{(\w+)\}/g, (token, name: string) => values[name] ?? token);
}
