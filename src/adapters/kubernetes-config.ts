import { existsSync } from 'node:fs';
import { Agent, type RequestOptions } from 'node:https';
import { delimiter } from 'node:path';
import type { KubeConfig } from '@kubernetes/client-node';
import { DrError } from '../errors.ts';
import { loadKubeConfig } from './kubernetes-client.ts';
import type { Agents, Connection } from './kubernetes-request.ts';

export interface KubeconfigOptions {
  /** One path, or several as in `KUBECONFIG`; it goes before the pod's own service account. */
  kubeconfigPath?: string;
  /** The default context; left out: the kubeconfig's current one. */
  context?: string;
  /** True: the pod's service account or nothing. False: never. Left out: where its files exist. */
  inCluster?: boolean;
  /** Where the service account's files are looked for: empty outside tests. */
  rootDirectory?: string;
}

/** Finds the way to one context's API server; no name: the default one. */
export type FindConnection = (name?: string) => Connection;

export const IN_CLUSTER = 'in-cluster';
/** How long a connection is kept for the next read, in ms: a plan asks for dozens of things at once; a load balancer forgets idle ones later. */
const IDLE_MS = 500;
const IDLE_SOCKETS = 16;
const TOKEN_FILE = '/var/run/secrets/kubernetes.io/serviceaccount/token';

/**
 * Reads and checks the kubeconfig. There is no silent default: neither `~/.kube/config` nor `localhost:8080`.
 * @throws DrError CONFIG_INVALID; the returned function also CLUSTER_UNKNOWN
 */
export async function loadConnections(options: KubeconfigOptions): Promise<FindConnection> {
  const source = chooseSource(options);
  const KubeConfig = await loadKubeConfig();
  const config = new KubeConfig();
  if (source === IN_CLUSTER) {
    config.loadFromCluster(options.rootDirectory);
    config.contexts = config.contexts.map((context) => ({ ...context, name: IN_CLUSTER }));
    config.setCurrentContext(IN_CLUSTER);
  } else {
    for (const path of source.split(delimiter).filter(Boolean)) mergeFile(config, new KubeConfig(), path);
  }
  return (name) => {
    const context = name ?? (source === IN_CLUSTER ? IN_CLUSTER : (options.context ?? config.getCurrentContext()));
    const chosen = new KubeConfig();
    const { clusters, users, contexts } = config;
    chosen.loadFromOptions({ clusters, users, contexts, currentContext: context });
    return connectionOf(chosen, source, context);
  };
}

function chooseSource({ kubeconfigPath, inCluster, rootDirectory = '' }: KubeconfigOptions): string {
  if (kubeconfigPath && inCluster !== true) return kubeconfigPath;
  const token = rootDirectory + TOKEN_FILE;
  if (inCluster !== false && existsSync(token)) return IN_CLUSTER;
  throw inCluster
    ? invalid(`There is no service account here: ${token} is missing.`, 'Run inside a pod, or set KUBECONFIG.')
    : invalid('No cluster is configured.', 'Set KUBECONFIG to a kubeconfig file, such as ~/.kube/config.');
}

function mergeFile(config: KubeConfig, file: KubeConfig, path: string): void {
  if (!existsSync(path)) throw invalid(`The kubeconfig ${path} does not exist.`, 'Correct KUBECONFIG.');
  try {
    file.loadFromFile(path);
  } catch {
    // The parser's own message quotes the file, and with it perhaps a token.
    throw invalid(
      `The kubeconfig ${path} cannot be read as one.`,
      `Check it: kubectl --kubeconfig ${path} config view`,
    );
  }
  try {
    config.mergeConfig(file, Boolean(config.getCurrentContext()));
  } catch (cause) {
    throw invalid(
      `The kubeconfig ${path} defines a name that an earlier file has: ${String(cause)}.`,
      'Keep one of the two.',
    );
  }
}

function connectionOf(config: KubeConfig, source: string, name: string | undefined): Connection {
  const contexts = config.getContexts().map((context) => context.name);
  const known = contexts.length > 0 ? `Use one of: ${contexts.join(', ')}.` : `Add a context to ${source}.`;
  if (!name) throw invalid(`${source} has no current context.`, `Set KUBE_CONTEXT. ${known}`);
  if (!contexts.includes(name)) {
    throw new DrError({
      code: 'CLUSTER_UNKNOWN',
      message: `There is no context "${name}" in ${source}.`,
      action: known,
    });
  }
  const cluster = config.getCurrentCluster();
  if (!cluster)
    throw invalid(`Context "${name}" names a cluster that ${source} does not define.`, `Correct ${source}.`);
  if (!config.getCurrentUser()) {
    throw invalid(`Context "${name}" names a user that ${source} does not define.`, `Correct ${source}.`);
  }
  if (!URL.canParse(cluster.server) || new URL(cluster.server).protocol !== 'https:') {
    throw invalid(
      `The server of context "${name}" is ${cluster.server}; it must be an https URL.`,
      `Correct ${source}.`,
    );
  }
  const authenticate = async (): Promise<RequestOptions> => {
    const options: RequestOptions = {};
    await config.applyToHTTPSOptions(options);
    return options;
  };
  return { name, server: cluster.server, authenticate, agents: cluster.proxyUrl ? undefined : createAgents() };
}

/** Connections and TLS sessions are kept apart by CA, certificate and key, so rotated ones take effect at once; tokens go with each request. */
function createAgents(): Agents {
  return {
    reads: new Agent({ keepAlive: true, maxFreeSockets: IDLE_SOCKETS, timeout: IDLE_MS }),
    fresh: new Agent({ keepAlive: false }),
  };
}

function invalid(message: string, action: string): DrError {
  return new DrError({ code: 'CONFIG_INVALID', message, action });
}
