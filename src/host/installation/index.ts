export { AgentLog } from './agent-log.ts';
export { readHttpsPort } from './app-settings.ts';
export { type Installation, agentRoots, findInstallation, requireRootAnswers } from './find.ts';
export { declaredPublications } from './job-topics.ts';
export { executablePathOf, knownAgentRoots, pathsOf } from './layout.ts';
export { logFolders } from './log-files.ts';
export { type OpenLogFile, someLogFile } from './log-folder.ts';
