/**
 * The types of `pe-library`, which `resedit` builds on. Its own index also has helper functions whose declarations bring the DOM's
 * types into the whole program; `paths` in tsconfig.json puts this file in its place.
 */
import * as Format from '../../node_modules/pe-library/dist/format/index.js';
import NtExecutable from '../../node_modules/pe-library/dist/NtExecutable.js';
import NtExecutableResource from '../../node_modules/pe-library/dist/NtExecutableResource.js';
import type * as Type from '../../node_modules/pe-library/dist/type/index.js';

export { Format, NtExecutable, NtExecutableResource, type Type };
