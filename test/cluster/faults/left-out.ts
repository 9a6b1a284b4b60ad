const NODES = 'a kubelet or a node agent does it, and here they are played';
const CONTENT = 'it needs a backup of other content than the past cluster has here';
const RUNBOOK = 'it needs a runbook of its own, and nothing of the API server';
const ANSWER = 'a healthy API server does not answer so';

/** The rows of the fault table that are not played on a real kube-apiserver, by their `fault`, and why. */
export const LEFT_OUT: Record<string, string> = {
  'The backup lacks the data of a PVC that no pod had mounted': CONTENT,
  'Nothing of it is lost': 'real controllers give the pods of a restored Deployment other names than the backup holds',
  'The cluster does not serve a kind that the backup holds': ANSWER,
  'Velero is not installed': 'it would take the kinds away that the stand-in for Velero needs',
  'An admission webhook has nobody behind it':
    'here the API server really refuses, and in other numbers than the row has',
  'The node agent is not ready, and volumes need it': NODES,
  'The runbook declares no health check': RUNBOOK,
  'The Restore stays New, and the runbook allows it 3 s': RUNBOOK,
  'The Restore stays FinalizingPartiallyFailed, and the runbook allows it 2 s': RUNBOOK,
  'Completed is said while the volumes are still being written (Velero v1.17.0)': NODES,
  'Completed is said, and then a volume fails (Velero v1.17.0)': NODES,
  'Completed is said, and then a volume is canceled (Velero v1.17.0)': NODES,
  'Completed is said, and the volumes are never done': NODES,
  'A Deployment exceeds its own progress deadline': CONTENT,
  'A DaemonSet never becomes ready': CONTENT,
  'A PVC is never bound: its pod, and with it Velero, waits for it': NODES,
  'A PVC that no pod waits for is never bound': CONTENT,
  'A Service has no endpoint: its pod does not bear the label that it selects': CONTENT,
  'The API server answers 503 to the Restore': ANSWER,
  'The API server refuses the Restore (403)': ANSWER,
  'The API server answers 409 Conflict to the Restore, once': ANSWER,
  'A pod of a Deployment fails while it is verified': NODES,
  'The pod of a StatefulSet fails while it is verified': NODES,
  'A pod of a DaemonSet fails while it is verified': NODES,
  'A PVC loses its volume while it is verified': NODES,
  'A Service loses its endpoint while it is verified': NODES,
  'The backup holds a PVC, but not its data': CONTENT,
  "A pod comes back without its mesh's sidecar: the injector does not run": 'no mesh is installed here',
  'The restored data is less than the runbook says it must be': RUNBOOK,
  'The service that is to tell of the data never answers': RUNBOOK,
  'Data is lost while it is verified': RUNBOOK,
};
