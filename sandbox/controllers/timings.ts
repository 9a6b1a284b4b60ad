/** How long the cluster's own work takes, in milliseconds. */
export interface ControllerTimings {
  /** From being bound to a node until Ready. */
  podStartMs: number;
  /** From the deletion until the pod is gone, at most; a shorter grace period counts. */
  podStopMs: number;
  /** From the creation of a claim until it is Bound. */
  claimBindMs: number;
}

export const DEFAULT_CONTROLLER_TIMINGS: ControllerTimings = { podStartMs: 300, podStopMs: 200, claimBindMs: 50 };

export const FAST_CONTROLLER_TIMINGS: ControllerTimings = { podStartMs: 20, podStopMs: 10, claimBindMs: 5 };
