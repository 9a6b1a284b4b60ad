import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { SandboxSlack } from './slack/start-slack.ts';

export interface Surroundings {
  /** The whole environment of the bot and of `dr`: nothing of the shell's gets in. */
  env: Record<string, string>;
  remove(): void;
}

/** Writes the kubeconfig and a policy, and says where they are. */
export function writeSurroundings(
  kubeconfig: string,
  redisUrl: string,
  slack: Pick<SandboxSlack, 'users' | 'groups'> | undefined,
): Surroundings {
  const folder = mkdtempSync(join(tmpdir(), 'muster-sandbox-'));
  const kubeconfigPath = join(folder, 'kubeconfig.yaml');
  const policyPath = join(folder, 'policy.yaml');
  writeFileSync(kubeconfigPath, kubeconfig, { mode: 0o600 });
  writeFileSync(policyPath, policyFor(userInfo().username, slack));
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

/** This OS account and `oncall` ask, `lead` and the group of leads approve; `dba` may read; whoever sits here can break the glass. */
function policyFor(account: string, slack: Pick<SandboxSlack, 'users' | 'groups'> | undefined): string {
  const members = (...lines: string[]) => (slack === undefined ? '' : lines.map((line) => `    ${line}\n`).join(''));
  const inSlack = slack === undefined ? '' : leadsOf(slack);
  return `# The sandbox's policy.
groups:
  engineers:
    terminal: [${JSON.stringify(account)}]
${members(`slack: [${slack?.users.oncall}]`)}${inSlack}allow:
  - group: engineers
    may: [request, abort]
    clusters: [sandbox]
    namespaces: [data-processing, monitoring]
${slack === undefined ? '' : LEADS_RULE}breakGlass: [engineers]
`;
}

function leadsOf({ users, groups }: Pick<SandboxSlack, 'users' | 'groups'>): string {
  return `  leads:
    slack: [${users.lead}]
    slackGroups: [${groups['dr-leads']}]
  databases:
    slack: [${users.dba}]
`;
}

const LEADS_RULE = `  - group: leads
    may: [request, approve, abort]
    clusters: [sandbox]
    namespaces: [data-processing, monitoring]
`;
