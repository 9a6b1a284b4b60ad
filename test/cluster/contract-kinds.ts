import { type Kind, type KubeObject, Namespace } from '../../src/domain/kinds.ts';

/** Kinds that only the contract uses. The loose schema of a Namespace fits every object. */
function anyKind(apiVersion: string, kind: string, plural: string): Kind<KubeObject> {
  return { apiVersion, kind, plural, namespaced: true, schema: Namespace.schema };
}

export const ConfigMap = anyKind('v1', 'ConfigMap', 'configmaps');
/** In a group that no server has. */
export const Gadget = anyKind('muster.invalid/v1', 'Gadget', 'gadgets');
/** In a group that every server has. */
export const CoreGadget = anyKind('v1', 'Gadget', 'gadgets');

export const configMap = (name: string, namespace: string, labels: Record<string, string> = {}) => ({
  metadata: { name, namespace, labels },
  data: { colour: 'red' },
});

/** A signal that never aborts. */
export const patient = () => new AbortController().signal;
