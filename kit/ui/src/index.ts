export type {
  ConsoleFeature,
  ConsolePage,
  NavEntry,
  PlaceOption,
  PlaceSource,
  SessionGate,
  SignInProps,
} from './feature.ts';
export { api, unauthorizedEvent } from './api/api.ts';
export type { QueryValue, RequestOptions, Written } from './api/api.ts';
export { isRequestError, RequestError } from './api/request-error.ts';
export type { FieldCause } from './api/request-error.ts';
export { useCan, useCanAll } from './api/can.ts';
export type { Permission, Verdict } from './api/can.ts';
export { defineText } from './text/define-text.ts';
export { languages } from './text/messages.ts';
export type { Language, Messages, Translate } from './text/messages.ts';
export { placePath } from './place/place.ts';
export type { Place, ProjectPlace } from './place/place.ts';
export { to } from './place/href.ts';
export type { Href } from './place/href.ts';
export { Link } from './place/link.tsx';
export { useGo } from './place/use-go.ts';
export { useSearch } from './place/use-search.ts';
export { usePageParam, usePlace, useProject, useWorkspace } from './place/use-place.ts';
export { Icon } from './icons/icon.tsx';
export type { IconName } from './icons/icon.tsx';
export { StatusMark, StatusShape } from './status/status-mark.tsx';
export type { Tone } from './status/status-mark.tsx';
export { createTexts, hasChosenLanguage, preferredLanguage, rememberLanguage, speak } from './text/i18n.ts';
export type { MessageSources } from './text/i18n.ts';
export { useNumber } from './text/use-number.ts';
export { useClockTime } from './text/use-clock-time.ts';
export { ThemeProvider, pageNonce } from './theme/theme-provider.tsx';
export { toast } from './theme/toast.ts';
export { useListState } from './list/list-state.ts';
export type { ListControl, ListDefaults, ListView } from './list/list-state.ts';
export { useList } from './list/use-list.ts';
export type { ListPage, ListResult } from './list/use-list.ts';
export { useLocalList } from './list/use-local-list.ts';
export { DataTable } from './list/data-table.tsx';
export type { DataTableProps } from './list/data-table.tsx';
export type { BulkAction, Column, FilterDef, RowKey, StatusCount } from './list/column.ts';
export { useLiveItems } from './live/use-live-items.ts';
export type { LiveItems } from './live/use-live-items.ts';
export { useLiveObject } from './live/use-live-object.ts';
export type { LiveObjectResult } from './live/use-live-object.ts';
export type { Connection, LiveObject } from './live/watch-socket.ts';
export { Page, useTab } from './page/page.tsx';
export type { PageTab } from './page/page.tsx';
export { Section } from './page/section.tsx';
export { Facts } from './page/facts.tsx';
export type { Fact } from './page/facts.tsx';
export { Problem } from './page/problem.tsx';
export { Loading } from './page/loading.tsx';
export { Loaded } from './page/loaded.tsx';
export { EmptyState } from './page/empty-state.tsx';
export { ErrorState } from './page/error-state.tsx';
export { ForbiddenState } from './page/forbidden-state.tsx';
export { SidePanel } from './page/side-panel.tsx';
export { Time } from './page/time.tsx';
export { ActionButton, ActionMenu } from './page/action-button.tsx';
export type { ActionProps } from './page/action-button.tsx';
export { Confirm } from './page/confirm.tsx';
export { ConfirmDelete } from './page/confirm-delete.tsx';
export { FormError } from './form/form-error.tsx';
export { useServerForm } from './form/use-server-form.ts';
export type { ServerForm } from './form/use-server-form.ts';
export { DockProvider, useDock } from './dock/dock.tsx';
export type { Dock, DockItem } from './dock/dock.tsx';
export { diffObjects } from './diff/diff-objects.ts';
export type { FieldChange } from './diff/diff-objects.ts';
export { FieldDiff } from './diff/field-diff.tsx';
export { DiffView, YamlEditor } from './editor/yaml-editor.tsx';
export type { DiffViewProps, YamlEditorProps } from './editor/yaml-editor.tsx';
export { SessionContext, useSession } from './shell/session.tsx';
export type { Registration, Session } from './shell/session.tsx';
export { useWhyNot, WhyNotContext } from './shell/why-not.ts';
export type { WhyNotQuestion } from './shell/why-not.ts';
