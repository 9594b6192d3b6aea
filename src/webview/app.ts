/** What every part of the page is given. */
import type { PageActions } from "./actions/page-actions.ts";
import type { PageState } from "./state/page-state.ts";
import type { Store } from "./state/store.ts";

/** The page's state and what can be done with it. */
export interface App {
  readonly store: Store<PageState>;
  readonly actions: PageActions;
}
