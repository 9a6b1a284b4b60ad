import { accessReview, type Resource, resources } from './resources.ts';

/** `api/v1`, `apis/apps/v1`. */
export function pathOf(apiVersion: string): string {
  return apiVersion.includes('/') ? `apis/${apiVersion}` : `api/${apiVersion}`;
}

function describePatch(resource: Resource) {
  const { group, version, kind } = resource;
  const parameters = ['dryRun', 'fieldManager', 'fieldValidation'].map((name) => ({
    name,
    in: 'query',
    schema: { type: 'string', uniqueItems: true },
  }));
  return {
    patch: {
      'x-kubernetes-action': 'patch',
      'x-kubernetes-group-version-kind': { group, version, kind },
      parameters,
      responses: { '200': { description: 'OK' } },
    },
  };
}

function describeVersion(apiVersion: string) {
  const found = [...resources, accessReview].filter((resource) => resource.apiVersion === apiVersion);
  if (found.length === 0) return undefined;
  const paths = found.map((resource) => {
    const scope = resource.namespaced ? '/namespaces/{namespace}' : '';
    return [`/${pathOf(apiVersion)}${scope}/${resource.plural}/{name}`, describePatch(resource)];
  });
  return { openapi: '3.0.0', info: { title: 'Kubernetes', version: 'v1.31.4' }, paths: Object.fromEntries(paths) };
}

/**
 * The least of OpenAPI v3 that lets kubectl leave validation and dry-run to the server: each kind's PATCH and its parameters.
 * Undefined for a path that is not served.
 */
export function openapiV3(path: string): unknown {
  const apiVersions = [...new Set([...resources, accessReview].map((resource) => resource.apiVersion))];
  if (path === '/openapi/v3') {
    const entries = apiVersions.map((apiVersion) => [
      pathOf(apiVersion),
      { serverRelativeURL: `/openapi/v3/${pathOf(apiVersion)}?hash=1` },
    ]);
    return { paths: Object.fromEntries(entries) };
  }
  const apiVersion = apiVersions.find((candidate) => path === `/openapi/v3/${pathOf(candidate)}`);
  return apiVersion === undefined ? undefined : describeVersion(apiVersion);
}
