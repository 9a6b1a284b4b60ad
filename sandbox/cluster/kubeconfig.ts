import { stringify } from 'yaml';

/** The text of a kubeconfig with one context, `sandbox`, that trusts only the sandbox's own authority. */
export function renderKubeconfig(server: { url: string; caPem: string; token: string }): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'sandbox',
    clusters: [
      {
        name: 'sandbox',
        cluster: { server: server.url, 'certificate-authority-data': Buffer.from(server.caPem).toString('base64') },
      },
    ],
    users: [{ name: 'sandbox', user: { token: server.token } }],
    contexts: [{ name: 'sandbox', context: { cluster: 'sandbox', user: 'sandbox', namespace: 'default' } }],
  });
}
