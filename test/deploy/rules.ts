import type { RequestRecord } from '../../sandbox/cluster/request-log.ts';
import type { Manifest } from './manifests.ts';

/** RBAC as the API server judges it (`plugin/pkg/auth/authorizer/rbac`), for one service account. */

interface PolicyRule {
  apiGroups: string[];
  resources: string[];
  resourceNames?: string[];
  verbs: string[];
}

/** One thing that is allowed: `namespace` undefined means everywhere. */
export interface Grant {
  verb: string;
  group: string;
  resource: string;
  names: string[] | undefined;
  namespace: string | undefined;
  /** The role's name. */
  from: string;
}

/** What the bindings give to the account, verb by verb. */
export function listGrants(manifests: readonly Manifest[], account: string, home: string): Grant[] {
  const bindings = manifests.filter(({ kind }) => ['RoleBinding', 'ClusterRoleBinding'].includes(kind));
  return bindings.flatMap((binding) => {
    const { subjects, roleRef } = binding as unknown as {
      subjects: { kind: string; name: string; namespace: string }[];
      roleRef: { kind: string; name: string };
    };
    if (!subjects.some((it) => it.kind === 'ServiceAccount' && it.name === account && it.namespace === home)) return [];
    const namespace = binding.kind === 'RoleBinding' ? binding.metadata.namespace : undefined;
    const role = manifests.find(
      ({ kind, metadata }) =>
        kind === roleRef.kind &&
        metadata.name === roleRef.name &&
        (kind === 'ClusterRole' || metadata.namespace === namespace),
    );
    if (role === undefined) throw new Error(`${binding.metadata.name} binds ${roleRef.name}, which is not there`);
    return (role['rules'] as PolicyRule[]).flatMap((rule) => expandRule(rule, namespace, role.metadata.name));
  });
}

function expandRule(rule: PolicyRule, namespace: string | undefined, from: string): Grant[] {
  return rule.verbs.flatMap((verb) =>
    rule.apiGroups.flatMap((group) =>
      rule.resources.map((resource) => ({ verb, group, resource, names: rule.resourceNames, namespace, from })),
    ),
  );
}

/** A request in RBAC's words; undefined for discovery and the like, which every account may read. */
export interface Ask {
  verb: string;
  group: string;
  resource: string;
  name: string | undefined;
  namespace: string | undefined;
}

const PATH =
  /^\/(?:api\/v1|apis\/(?<group>[^/]+)\/[^/]+)\/(?:namespaces\/(?<namespace>[^/]+)\/)?(?<plural>[^/]+)(?:\/(?<name>[^/]+))?(?:\/(?<sub>[^/]+))?/;

export function askOf({ verb, path }: RequestRecord): Ask | undefined {
  const parts = PATH.exec(path.split('?')[0] ?? '')?.groups;
  if (parts === undefined) return undefined;
  const { group = '', namespace, plural = '', name, sub } = parts;
  const resource = sub === undefined ? plural : `${plural}/${sub}`;
  // What the sandbox does not serve it records as a plain get.
  return { verb: verb === 'get' && name === undefined ? 'list' : verb, group, resource, name, namespace };
}

export function findGrant(grants: readonly Grant[], ask: Ask): Grant | undefined {
  return grants.find(
    ({ verb, group, resource, names, namespace }) =>
      [ask.verb, '*'].includes(verb) &&
      [ask.group, '*'].includes(group) &&
      [ask.resource, '*'].includes(resource) &&
      (namespace === undefined || namespace === ask.namespace) &&
      (names === undefined || names.includes(ask.name ?? '')),
  );
}
