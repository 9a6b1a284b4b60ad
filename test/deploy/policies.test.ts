import { expect, test } from 'vitest';
import { RUN_LABEL } from '../../src/domain/provenance.ts';
import { READABLE_FILES } from '../../src/domain/velero-files.ts';
import { findManifest, type Manifest, readManifests } from './manifests.ts';

/** Their CEL is read by Kubernetes 1.30 or newer only; what can be held without one is that they cover what the rights allow. */

const policies = readManifests('policies');
const role = findManifest(readManifests('rights'), 'Role', 'muster') as unknown as {
  rules: { apiGroups: string[]; resources: string[]; verbs: string[] }[];
};
interface Spec {
  failurePolicy: string;
  matchConstraints: { resourceRules: { resources: string[]; operations: string[] }[] };
  matchConditions: { expression: string }[];
  validations: { expression: string; message: string }[];
}
const specOf = (policy: Manifest) => policy['spec'] as Spec;
const ours = policies.filter(({ kind }) => kind === 'ValidatingAdmissionPolicy');

test('whatever the account may create or delete is covered by a policy that is bound and denies', () => {
  const written = (verb: string) =>
    role.rules.flatMap(({ resources, verbs }) => (verbs.includes(verb) ? resources : []));
  const covered = (operation: string) =>
    ours.flatMap((policy) =>
      specOf(policy).matchConstraints.resourceRules.flatMap(({ resources, operations }) =>
        operations.includes(operation) ? resources : [],
      ),
    );
  expect(covered('CREATE').sort()).toEqual(written('create').sort());
  expect(covered('DELETE').sort()).toEqual(written('delete').sort());
  const bindings = policies.filter(({ kind }) => kind === 'ValidatingAdmissionPolicyBinding');
  expect(bindings.map(({ spec }) => spec)).toEqual(
    ours.map(({ metadata }) => ({ policyName: metadata.name, validationActions: ['Deny'] })),
  );
  expect(ours.map((policy) => specOf(policy).failurePolicy)).toEqual(['Fail', 'Fail', 'Fail']);
});

test('they are about this account only, and know its labels and the files it may read', () => {
  for (const policy of ours)
    expect(specOf(policy).matchConditions.map(({ expression }) => expression)).toEqual([
      "request.userInfo.username == 'system:serviceaccount:muster:muster'",
    ]);
  const expressions = ours
    .flatMap((policy) => specOf(policy).validations.map(({ expression }) => expression))
    .join('\n');
  expect(expressions).toContain(`'${RUN_LABEL}' in object.metadata.labels`);
  const files = /target\.kind in \[(.*?)\]/.exec(expressions)?.[1]?.replaceAll("'", '').split(', ');
  expect(files).toEqual([...READABLE_FILES]);
});
