export const taskBuild = { name: 'secrets-scan' } as const;
