import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { type ClustersOptions, createClusters } from '../../src/adapters/kubernetes.ts';
import { patient } from './contract-kinds.ts';
import { startFaultServer } from './fault-server.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-kubeconfig-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function write(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

/** A kubeconfig in which every context has a cluster and a user of its own name. */
function kubeconfig(names: string[], current = '', server = 'https://127.0.0.1:1'): string {
  return JSON.stringify({
    clusters: names.map((name) => ({ name, cluster: { server } })),
    users: names.map((name) => ({ name, user: { token: 'secret' } })),
    contexts: names.map((name) => ({ name, context: { cluster: name, user: name } })),
    'current-context': current,
  });
}

const fail = async (options: ClustersOptions, name?: string) =>
  createClusters(options)(name).catch((thrown: unknown) => thrown);
const rootDirectory = '/nonexistent-root';

describe('a kubeconfig', () => {
  test('gives its current context, the configured one, or the one asked for: one Cluster each', async () => {
    const kubeconfigPath = await write('two', kubeconfig(['east', 'west'], 'east'));
    const clusters = createClusters({ kubeconfigPath });
    expect((await clusters()).name).toBe('east');
    expect((await clusters('west')).name).toBe('west');
    expect(await clusters('east')).toBe(await clusters());
    expect((await createClusters({ kubeconfigPath, context: 'west' })()).name).toBe('west');
  });

  test('may be several files, as in KUBECONFIG; the first current context counts', async () => {
    const paths = [await write('a', kubeconfig(['a'], 'a')), await write('b', kubeconfig(['b'], 'b'))];
    const clusters = createClusters({ kubeconfigPath: paths.join(delimiter) });
    expect((await clusters()).name).toBe('a');
    expect((await clusters('b')).name).toBe('b');
    const twice = await fail({ kubeconfigPath: [paths[0], paths[0]].join(delimiter) });
    expect(twice).toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining('Duplicate cluster: a') });
  });

  test('a context that is not there is CLUSTER_UNKNOWN, and the action names those that are', async () => {
    const kubeconfigPath = await write('unknown', kubeconfig(['east', 'west'], 'east'));
    const unknown = { code: 'CLUSTER_UNKNOWN', action: 'Use one of: east, west.' };
    expect(await fail({ kubeconfigPath }, 'esat')).toMatchObject(unknown);
    expect(await fail({ kubeconfigPath, context: 'north' })).toMatchObject(unknown);
  });

  test.for([
    ['no such file', undefined, 'does not exist'],
    ['no YAML', 'token: "secret\n', 'cannot be read'],
    ['an empty file', '', 'cannot be read'],
    ['no current context', kubeconfig(['east']), 'no current context'],
    ['no contexts', '{"clusters":[]}', 'no current context'],
    ['plain http', kubeconfig(['east'], 'east', 'http://127.0.0.1:1'), 'must be an https URL'],
    ['no URL', kubeconfig(['east'], 'east', 'localhost:8080'), 'must be an https URL'],
    [
      'no such user',
      kubeconfig(['east'], 'east').replace('"users":[{"name":"east"', '"users":[{"name":"x"'),
      'names a user',
    ],
    [
      'no such cluster',
      kubeconfig(['east'], 'east').replace('"clusters":[{"name":"east"', '"clusters":[{"name":"x"'),
      'names a cluster',
    ],
  ] as const)('%s is CONFIG_INVALID, and no secret is told', async ([name, text, message]) => {
    const file = name.replaceAll(' ', '-');
    const kubeconfigPath = text === undefined ? join(folder, file) : await write(file, text);
    const error = await fail({ kubeconfigPath });
    expect(error).toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining(message) });
    expect(`${String(error)} ${JSON.stringify(error)}`).not.toContain('secret');
  });

  test('that is corrected is read at the next try', async () => {
    const kubeconfigPath = join(folder, 'late');
    const clusters = createClusters({ kubeconfigPath });
    await expect(clusters()).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    await write('late', kubeconfig(['east'], 'east'));
    expect((await clusters()).name).toBe('east');
  });

  test('whose plug-in gives no credentials: nothing is sent, and what the plug-in said is not told', async () => {
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: 'sh',
      args: ['-c', 'echo secret >&2; exit 1'],
    };
    const text = kubeconfig(['east'], 'east').replace('{"token":"secret"}', JSON.stringify({ exec }));
    const cluster = await createClusters({ kubeconfigPath: await write('plug-in', text) })();
    const error = await cluster.version(patient()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'CLUSTER_UNREACHABLE', message: expect.stringContaining('credentials') });
    expect(String(error)).not.toContain('secret');
  });
});

test('proxy-url of a kubeconfig is used, and nothing of it stays open', async () => {
  const server = await startFaultServer((_, response) => response.end('{"gitVersion":"v1"}'));
  const targets: string[] = [];
  const proxy = createServer();
  proxy.on('connect', ({ url = '' }: IncomingMessage, client: Socket) => {
    targets.push(url);
    const upstream = connect(Number(url.split(':')[1]), '127.0.0.1', () => client.write('HTTP/1.1 200 OK\r\n\r\n'));
    client.pipe(upstream).pipe(client);
  });
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  const proxyUrl = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const ca = Buffer.from(server.caPem).toString('base64');
  const config = JSON.parse(kubeconfig(['east'], 'east', server.url));
  Object.assign(config.clusters[0].cluster, { 'proxy-url': proxyUrl, 'certificate-authority-data': ca });
  const cluster = await createClusters({ kubeconfigPath: await write('proxy', JSON.stringify(config)) })();
  expect(await cluster.version(patient())).toBe('v1');
  expect(targets).toEqual([new URL(server.url).host]);
  await vi.waitFor(() => expect(server.openSockets()).toBe(0), 3_000);
  proxy.close();
  await server.close();
});

/** Where a pod finds the API; undefined: not in a pod. */
function setService(host: string | undefined, port: string | undefined): void {
  for (const [name, value] of Object.entries({ KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port })) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}

describe('without a kubeconfig', () => {
  const { KUBERNETES_SERVICE_HOST, KUBERNETES_SERVICE_PORT } = process.env;
  afterEach(() => setService(KUBERNETES_SERVICE_HOST, KUBERNETES_SERVICE_PORT));

  test('there is no silent default', async () => {
    expect(await fail({ rootDirectory })).toMatchObject({
      code: 'CONFIG_INVALID',
      action: expect.stringContaining('KUBECONFIG'),
    });
    const missing = { code: 'CONFIG_INVALID', message: expect.stringContaining('no service account') };
    expect(await fail({ rootDirectory, inCluster: true })).toMatchObject(missing);
  });

  test('a pod uses its service account, and the token of the moment', async () => {
    const account = join(folder, 'var/run/secrets/kubernetes.io/serviceaccount');
    await mkdir(account, { recursive: true });
    const server = await startFaultServer(({ headers }, response) => {
      response.end(JSON.stringify({ gitVersion: headers.authorization }));
    });
    await writeFile(join(account, 'token'), 'pod-token');
    await writeFile(join(account, 'ca.crt'), server.caPem);
    setService('127.0.0.1', new URL(server.url).port);
    const cluster = await createClusters({ rootDirectory: folder })();
    expect(cluster.name).toBe('in-cluster');
    expect(await cluster.version(patient())).toBe('Bearer pod-token');
    await server.close();
    expect(await fail({ rootDirectory: folder }, 'east')).toMatchObject({
      code: 'CLUSTER_UNKNOWN',
      action: 'Use one of: in-cluster.',
    });
  });

  test('a service account without the address of the API is CONFIG_INVALID', async () => {
    setService(undefined, undefined);
    expect(await fail({ rootDirectory: folder })).toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('https'),
    });
  });
});
