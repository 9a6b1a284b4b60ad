import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

export interface Surroundings {
  /** The whole environment of the bot and of `dr`: nothing of the shell's gets in. */
  env: Record<string, string>;
  remove(): void;
}

/** Writes the kubeconfig and a policy that lets this OS account ask and break the glass, and says where they are. */
export function writeSurroundings(kubeconfig: string, redisUrl: string): Surroundings {
  const folder = mkdtempSync(join(tmpdir(), 'muster-sandbox-'));
  const kubeconfigPath = join(folder, 'kubeconfig.yaml');
  const policyPath = join(folder, 'policy.yaml');
  writeFileSync(kubeconfigPath, kubeconfig, { mode: 0o600 });
  writeFileSync(policyPath, policyFor(userInfo().username));
  return {
    env: {
      HOME: folder,
      KUBECONFIG: kubeconfigPath,
      KUBE_CONTEXT: 'sandbox',
      REDIS_URL: redisUrl,
      POLICY_FILE: policyPath,
      HOST: '127.0.0.1',
      PORT: '0',
      LOG_LEVEL: 'warn',
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function policyFor(account: string): string {
  return `# The sandbox's policy: you may ask for a restore of data-processing, and break the glass.
groups:
  engineers:
    terminal: [${JSON.stringify(account)}]
allow:
  - group: engineers
    may: [request, abort]
    clusters: [sandbox]
    namespaces: [data-processing, monitoring]
breakGlass: [engineers]
`;
}
