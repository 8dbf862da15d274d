// `npm run build:packages`: writes what is published of each package into its `dist/`.
import { readArguments } from '../script-arguments.ts';
import { buildPackages, distFolder } from './build-packages.ts';

readArguments({});
buildPackages(distFolder);
