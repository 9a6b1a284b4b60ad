import { z } from 'zod';

/**
 * Known fields of the built-in kinds that are checked, with types for those in use (Kubernetes 1.31 `staging/src/k8s.io/api`).
 * What is `z.unknown()` is known to exist and not looked into.
 */
const any = z.unknown().optional();
const int = z.int().nullish();
const text = z.string().nullish();
const flag = z.boolean().nullish();
const strings = z.record(z.string(), z.string()).nullish();
const metadata = z
  .looseObject({ name: text, labels: strings, annotations: strings, finalizers: z.array(z.string()).nullish() })
  .nullish();

function known(names: string): Record<string, typeof any> {
  return Object.fromEntries(names.split(' ').map((name) => [name, any]));
}

const container = z.strictObject({
  ...known('resources volumeDevices livenessProbe readinessProbe startupProbe lifecycle securityContext envFrom'),
  ...known('restartPolicy resizePolicy terminationMessagePath terminationMessagePolicy stdin stdinOnce tty'),
  name: z.string(),
  image: text,
  imagePullPolicy: text,
  command: z.array(z.string()).nullish(),
  args: z.array(z.string()).nullish(),
  workingDir: text,
  env: z.array(z.strictObject({ name: z.string(), value: text, valueFrom: any })).nullish(),
  ports: z
    .array(z.strictObject({ containerPort: z.int(), name: text, protocol: text, hostPort: int, hostIP: text }))
    .nullish(),
  volumeMounts: z
    .array(
      z.strictObject({
        ...known('mountPropagation recursiveReadOnly subPath subPathExpr'),
        name: z.string(),
        mountPath: z.string(),
        readOnly: flag,
      }),
    )
    .nullish(),
});

const podSpec = z.strictObject({
  ...known(
    'activeDeadlineSeconds affinity automountServiceAccountToken dnsConfig enableServiceLinks ephemeralContainers',
  ),
  ...known('hostAliases hostIPC hostNetwork hostPID hostUsers imagePullSecrets os overhead preemptionPolicy priority'),
  ...known('priorityClassName readinessGates resourceClaims runtimeClassName schedulingGates securityContext'),
  ...known('serviceAccount setHostnameAsFQDN shareProcessNamespace tolerations topologySpreadConstraints'),
  containers: z.array(container),
  initContainers: z.array(container).nullish(),
  volumes: z.array(z.looseObject({ name: z.string() })).nullish(),
  restartPolicy: text,
  dnsPolicy: text,
  schedulerName: text,
  serviceAccountName: text,
  terminationGracePeriodSeconds: int,
  nodeName: text,
  nodeSelector: strings,
  hostname: text,
  subdomain: text,
});

const template = z.strictObject({ metadata, spec: podSpec });
const selector = z.strictObject({ matchLabels: strings, matchExpressions: z.array(z.unknown()).nullish() });
const top = { apiVersion: text, kind: text, metadata, status: any };

export const Pod = z.strictObject({ ...top, spec: podSpec });

export const Deployment = z.strictObject({
  ...top,
  spec: z.strictObject({
    replicas: int,
    selector,
    template,
    strategy: any,
    minReadySeconds: int,
    revisionHistoryLimit: int,
    paused: flag,
    progressDeadlineSeconds: int,
  }),
});

export const StatefulSet = z.strictObject({
  ...top,
  spec: z.strictObject({
    ...known('persistentVolumeClaimRetentionPolicy ordinals volumeClaimTemplates'),
    replicas: int,
    selector,
    template,
    serviceName: text,
    podManagementPolicy: text,
    updateStrategy: any,
    minReadySeconds: int,
    revisionHistoryLimit: int,
  }),
});

export const Service = z.strictObject({
  ...top,
  spec: z.strictObject({
    ...known(
      'allocateLoadBalancerNodePorts clusterIPs externalIPs externalTrafficPolicy healthCheckNodePort ipFamilies',
    ),
    ...known('internalTrafficPolicy ipFamilyPolicy loadBalancerClass loadBalancerIP loadBalancerSourceRanges'),
    ...known('sessionAffinityConfig trafficDistribution'),
    selector: strings,
    type: text,
    clusterIP: text,
    externalName: text,
    sessionAffinity: text,
    publishNotReadyAddresses: flag,
    ports: z
      .array(
        z.strictObject({
          port: z.int(),
          name: text,
          protocol: text,
          targetPort: z.union([z.string(), z.int()]).nullish(),
          nodePort: int,
          appProtocol: text,
        }),
      )
      .nullish(),
  }),
});
