import { accessReview, type Resource, resources } from './resources.ts';

const served = [...resources, accessReview];
const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

/** What /version answers. */
export const version = {
  major: '1',
  minor: '31',
  gitVersion: 'v1.31.4',
  gitCommit: '0000000000000000000000000000000000000000',
  gitTreeState: 'clean',
  buildDate: '2024-12-10T00:00:00Z',
  goVersion: 'go1.22.9',
  compiler: 'gc',
  platform: 'linux/amd64',
};

/** Group versions other than the core one, in the order of the resource table; each group's first is its preferred one. */
function groupVersions(): string[] {
  return [...new Set(served.map((resource) => resource.apiVersion))].filter((apiVersion) => apiVersion.includes('/'));
}

function describeGroup(group: string) {
  const versions = groupVersions()
    .filter((apiVersion) => apiVersion.startsWith(`${group}/`))
    .map((groupVersion) => ({ groupVersion, version: groupVersion.slice(group.length + 1) }));
  return versions.length === 0 ? undefined : { name: group, versions, preferredVersion: versions[0] };
}

function describeResource(resource: Resource) {
  const { namespaced, kind, plural, singular, shortNames, categories } = resource;
  const main = {
    name: plural,
    singularName: singular,
    namespaced,
    kind,
    verbs: resource === accessReview ? ['create'] : VERBS,
    ...(shortNames.length === 0 ? {} : { shortNames }),
    ...(categories.length === 0 ? {} : { categories }),
  };
  const sub = (name: string, verbs: string[], more: Record<string, string> = {}) => ({
    name: `${plural}/${name}`,
    singularName: '',
    namespaced,
    kind,
    verbs,
    ...more,
  });
  return [
    main,
    ...(resource.status ? [sub('status', ['get', 'patch', 'update'])] : []),
    ...(resource.scale
      ? [sub('scale', ['get', 'patch', 'update'], { group: 'autoscaling', version: 'v1', kind: 'Scale' })]
      : []),
    ...(plural === 'pods' ? [sub('log', ['get'])] : []),
    ...(plural === 'services' ? [sub('proxy', ['get'], { kind: 'ServiceProxyOptions' })] : []),
    ...(plural === 'namespaces' ? [sub('finalize', ['update'])] : []),
  ];
}

function listResources(groupVersion: string) {
  const found = served.filter((resource) => resource.apiVersion === groupVersion);
  if (found.length === 0) return undefined;
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources: found.flatMap(describeResource) };
}

/** Answers the discovery paths in the form that every kubectl understands; undefined for any other path. */
export function discover(path: string, address: string): unknown {
  const parts = path.split('/').filter((part) => part !== '');
  const [first, second, third] = parts;
  if (parts.length > 3 || (first !== 'api' && first !== 'apis')) return undefined;
  if (first === 'api') {
    const serverAddressByClientCIDRs = [{ clientCIDR: '0.0.0.0/0', serverAddress: address }];
    if (second === undefined) return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs };
    return second === 'v1' && third === undefined ? listResources('v1') : undefined;
  }
  if (second === undefined) {
    const groups = [...new Set(groupVersions().map((apiVersion) => apiVersion.slice(0, apiVersion.indexOf('/'))))];
    return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map(describeGroup) };
  }
  if (third !== undefined) return listResources(`${second}/${third}`);
  const group = describeGroup(second);
  return group === undefined ? undefined : { kind: 'APIGroup', apiVersion: 'v1', ...group };
}
