// npm run complete-lockfile: after `npm install` against a mirror that lacks packages for other systems.
import { completeLockfile } from "./lib/lockfile.mjs";

console.log(`${completeLockfile()} packages for other systems added to package-lock.json`);
