/** What each layer may import. The same table, with its reasons, is in CONTRIBUTING.md. */
export interface Layer {
  name: string;
  /** Paths from the project's root. */
  files: RegExp;
  /** Layers whose code may be imported; a layer may always import from itself, unless `apart`. */
  uses: string[];
  /** Layers of which only types may be imported. */
  types?: string[];
  /** Packages; `*`: any. */
  packages: string[];
  /** Node's own modules beyond node:crypto and node:util, which compute and touch nothing outside. */
  builtins?: boolean;
  /** Files of this layer do not import each other. */
  apart?: boolean;
}

const EXTENSION = ['contracts', 'domain', 'ports', 'views', 'errors'];
const ANY_LAYER = [
  ...EXTENSION,
  ...[
    'registry',
    'config',
    'engine',
    'effects',
    'steps',
    'alerts',
    'doctor',
    'adapters',
    'reading',
    'commands',
    'terminal',
    'entry',
  ],
];

export const LAYERS: Layer[] = [
  { name: 'domain', files: /^src\/domain\//, uses: [], packages: ['zod'] },
  { name: 'errors', files: /^src\/errors\.ts$/, uses: [], packages: [] },
  { name: 'views', files: /^src\/views\//, uses: ['domain'], packages: [] },
  { name: 'ports', files: /^src\/(incident-|inspection-)?ports\.ts$/, uses: [], types: ['domain'], packages: [] },
  {
    name: 'contracts',
    files: /^src\/(incident-)?contracts\.ts$/,
    uses: ['domain'],
    types: ['ports'],
    packages: ['zod'],
  },
  { name: 'registry', files: /^src\/registry\.ts$/, uses: [...EXTENSION], packages: ['zod', 'yaml'], builtins: true },
  { name: 'config', files: /^src\/config\.ts$/, uses: ['domain', 'errors'], packages: ['zod', 'yaml'], builtins: true },
  { name: 'steps', files: /^src\/steps\//, uses: EXTENSION, packages: ['zod'] },
  { name: 'effects', files: /^src\/effects\//, uses: EXTENSION, packages: ['zod'] },
  { name: 'alerts', files: /^src\/alerts\//, uses: EXTENSION, packages: ['zod'] },
  // It asks Velero, and looks at kinds, as the steps do.
  { name: 'doctor', files: /^src\/doctor\//, uses: [...EXTENSION, 'steps'], packages: ['zod'] },
  {
    name: 'engine',
    files: /^src\/engine\//,
    uses: ['domain', 'ports', 'errors'],
    // Registries are passed in; what they hold has a type.
    types: ['contracts'],
    packages: [],
  },
  { name: 'adapters', files: /^src\/adapters\//, uses: ['domain', 'ports', 'errors'], packages: ['*'], builtins: true },
  // What the commands that ask for a run share, as they do not import each other.
  { name: 'asking', files: /^src\/ask-for-run\.ts$/, uses: [...EXTENSION, 'responding'], packages: [] },
  // What the commands about incidents share.
  { name: 'responding', files: /^src\/responding\//, uses: EXTENSION, packages: [] },
  // What several commands read from a cluster, with what the steps read by.
  { name: 'reading', files: /^src\/reading\//, uses: [...EXTENSION, 'steps'], packages: ['zod'] },
  {
    name: 'commands',
    files: /^commands\//,
    uses: [...EXTENSION, 'asking', 'reading', 'responding'],
    packages: ['zod'],
    apart: true,
  },
  // What both entries put together and start.
  {
    name: 'composition',
    files: /^src\/(compose|compose-doctor|compose-incidents|incident-work|slack-door|alert-door|worker|version)\.ts$/,
    uses: ANY_LAYER.filter((name) => !['terminal', 'entry'].includes(name)),
    packages: [],
    builtins: true,
  },
  // What the terminal entry is made of: following a run, printing, asking.
  { name: 'terminal', files: /^src\/terminal\//, uses: [...EXTENSION, 'composition'], packages: [], builtins: true },
  {
    name: 'entry',
    files: /^src\/(main|cli)\.ts$/,
    uses: [...ANY_LAYER, 'composition'],
    packages: ['*'],
    builtins: true,
  },
  // The sandbox judges the bot, so it shares none of its logic: it starts the entries as they are, and may name the domain's types.
  {
    name: 'sandbox',
    files: /^sandbox\//,
    uses: ['entry'],
    types: ['domain', 'ports'],
    packages: ['*'],
    builtins: true,
  },
  // The benchmarks record with the product's own functions and measure the entries as they are, in the sandbox.
  {
    name: 'bench',
    files: /^test\/bench\//,
    uses: [...ANY_LAYER, 'composition', 'sandbox'],
    packages: [],
    builtins: true,
  },
];

/** An SDK is known to one adapter only. What is not listed here is free for any adapter. */
export const SDK_OWNERS: Record<string, RegExp> = {
  '@kubernetes/client-node': /^kubernetes$/,
  '@pagerduty/pdjs': /^pagerduty$/,
  '@slack/bolt': /^slack$/,
  '@slack/socket-mode': /^slack$/,
  '@slack/web-api': /^slack$/,
  bullmq: /^bullmq$/,
  // BullMQ takes the connection that ioredis makes.
  ioredis: /^(redis|bullmq)$/,
};

/** `src/adapters/kubernetes-watch.ts` and `src/adapters/kubernetes/watch.ts` are parts of the adapter `kubernetes`. */
export function adapterOf(path: string): string | undefined {
  return /^src\/adapters\/([a-z0-9]+)/.exec(path)?.[1];
}

export function layerOf(path: string): Layer | undefined {
  return LAYERS.find((layer) => layer.files.test(path));
}
