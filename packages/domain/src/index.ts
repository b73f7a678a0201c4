/** What a process that calls verbs opens first; it passes it on in the context and reads nothing through it. */
export { createDb, type Db, type DbOptions } from "@slipway/db";
export { type Action, type Actor, actorName, authorise } from "./actor.ts";
export { AUDIT_LIMIT, type ListAudit, listAudit } from "./audit/list-audit.ts";
export { type BulkItem, type ChangeMany, changeMany } from "./bulk/change-many.ts";
export { canonicalJson, differences, type FieldDifference } from "./canonical.ts";
export { writeChanges } from "./change/write-changes.ts";
export {
  CLIENTS_LIMIT,
  type CreateClientToken,
  createClientToken,
  createClientTokenInput,
} from "./client-token/create-client-token.ts";
export { listClientTokens } from "./client-token/list-client-tokens.ts";
export type { DeploymentRef } from "./client-token/lock-deployment.ts";
export { type RevokeClientToken, revokeClientToken } from "./client-token/revoke-client-token.ts";
export {
  type RotateClientToken,
  rotateClientToken,
  rotateClientTokenInput,
} from "./client-token/rotate-client-token.ts";
export { tokenHmac } from "./client-token/write-token.ts";
export {
  type Context,
  type GatewayContext,
  type Random,
  type SchedulerContext,
  systemRandom,
  type TokenContext,
  type Writer,
} from "./context.ts";
export { countFacets } from "./deployment/count-facets.ts";
export type { AttentionChoice, Choice, DeploymentFilter } from "./deployment/deployment-filter.ts";
export { DEPLOYMENTS_LIMIT, type ListDeployments } from "./deployment/find-page.ts";
export { listDeploymentRows, listDeployments } from "./deployment/list-deployments.ts";
export { listEvents } from "./event/list-events.ts";
export { type NewEvent, recordEvents } from "./event/record-events.ts";
export { type FitModel, fitModel } from "./fleet/fit-model.ts";
export {
  type ListServerReplicas,
  listServerReplicas,
  type ReadServerReplicas,
  readServerReplicas,
} from "./fleet/list-server-replicas.ts";
export type { GatewayCall, GatewayPort } from "./gateway-port.ts";
export { GROUPS_LIMIT, listGroups } from "./group/list-groups.ts";
export { createHousekeeping, removeOld } from "./housekeeping.ts";
export {
  endSessions,
  FRESH_LINK_MS,
  type NewPassword,
  newPassword,
  readAccount,
  removePasskey,
  setPassword,
} from "./identity/account.ts";
export {
  AUTH_PATH,
  type Auth,
  type AuthDeps,
  createAuth,
  REMOTE_ADDRESS_HEADER,
  SESSION_SECONDS,
} from "./identity/create-auth.ts";
export { PASSWORD_LENGTH } from "./identity/password.ts";
export { createSignInLink, FIRST_USER, SIGN_IN_LINK_MS, type SignInLink, userName } from "./identity/sign-in-link.ts";
export { type FollowLogs, followLogs } from "./logs/follow-logs.ts";
export {
  type FindLogMatch,
  findLogMatch,
  type MeasureLogVolume,
  measureLogVolume,
  type ReadLogPage,
  readLogPage,
} from "./logs/read-logs.ts";
export { type ListRates, listDeploymentRates } from "./metrics/list-deployment-rates.ts";
export { readDeploymentMetrics } from "./metrics/read-deployment-metrics.ts";
export { publicError } from "./public-error.ts";
export type { ArtifactStore, ReceivedArtifact, ReceiveOptions } from "./registry/artifact-store.ts";
export { deleteModel, deleteVersion } from "./registry/delete-version.ts";
export { deploymentSample } from "./registry/deployment-sample.ts";
export { describeModel, setSample } from "./registry/describe-model.ts";
export { openDirectoryStore } from "./registry/directory-store.ts";
export { type InspectUri, inspectUri } from "./registry/inspect-uri.ts";
export { getModel, type ListModels, listModels, MODELS_LIMIT } from "./registry/list-models.ts";
export { getVersion, type ListVersions, listVersions, VERSIONS_LIMIT } from "./registry/list-versions.ts";
export { deleteAlias, type MoveAlias, setAlias } from "./registry/move-alias.ts";
export type { ModelRef, RegistryContext } from "./registry/registry-context.ts";
export { type UploadSource, type UploadVersion, uploadVersion, uploadVersionInput } from "./registry/upload-version.ts";
export {
  type Applied,
  type ApplyManifests,
  applyManifests,
  type Preflight,
  type PreflightChange,
  preflight,
} from "./resource/apply-manifests.ts";
export { checkName, type NameCheck } from "./resource/check-name.ts";
export type { Expected } from "./resource/check-write.ts";
export { type DeleteResource, deleteResource } from "./resource/delete-resource.ts";
export { diffRevisions, type RevisionDifference } from "./resource/diff-revisions.ts";
export { withImpact } from "./resource/field-impact.ts";
export { finishDelete } from "./resource/finish-delete.ts";
export { getResource } from "./resource/get-resource.ts";
export { type LabelChange, type LabelResource, labelResource } from "./resource/label-resource.ts";
export { LIST_LIMIT, type ListResources, listResources } from "./resource/list-resources.ts";
export { getRevision, listRevisions, REVISIONS_LIMIT } from "./resource/list-revisions.ts";
export { createManifestDesk, type ManifestDesk } from "./resource/manifest-desk.ts";
export type { ManifestContext, ManifestReader } from "./resource/manifest-reader.ts";
export { readViews } from "./resource/read-views.ts";
export { type ResourceRow, refKey } from "./resource/resource-row.ts";
export {
  createResourceWatch,
  type ResourceFilter,
  type ResourceNews,
  type ResourceWatch,
} from "./resource/resource-watch.ts";
export { type RollBack, rollBack } from "./resource/roll-back.ts";
export { type ScaleResource, scaleResource } from "./resource/scale-resource.ts";
export { type SetRunning, setRunning } from "./resource/set-running.ts";
export { type Child, deleteChildren, writeChildren } from "./resource/write-children.ts";
export type { ResourceChange, Written } from "./resource/write-resources.ts";
export { dropView } from "./saved-view/drop-view.ts";
export { type KeepView, keepView } from "./saved-view/keep-view.ts";
export { listSavedViews } from "./saved-view/list-saved-views.ts";
export type { SchedulerPort } from "./scheduler-port.ts";
export { type Leader, readLeader } from "./status/read-leader.ts";
export {
  type ControlledResource,
  readPlacements,
  readResources,
  readTokens,
  type StoredPlacement,
  type StoredToken,
} from "./status/read-world.ts";
export { type RevisionOutcome, writeRevisionOutcomes } from "./status/write-revision-outcomes.ts";
export { writeStatuses } from "./status/write-statuses.ts";
export { type SendTrial, sendTrial } from "./trial/send-trial.ts";
