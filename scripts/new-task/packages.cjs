/**
 * Installs the packages of a checkout that has none, before `npm run new-task`: among them is the Node.js that runs TypeScript,
 * and the system's may be an older one. JavaScript, for that one.
 */
const { execSync } = require('node:child_process');
const { existsSync } = require('node:fs');

if (!existsSync('node_modules')) execSync('npm ci', { stdio: 'inherit' });
