import type { MaskView, MethodChoice, SessionView, TimingsView } from "../../../protocol/views.ts";
import type { RefinementSession, SessionMask } from "../../../sdk/mod.ts";
import { regionViews } from "./region-view.ts";

/** Everything about a session, for the page. */
export async function sessionView(session: RefinementSession, method: MethodChoice): Promise<SessionView> {
  const { path, width, height, masks, regions, settings, device } = session;
  const { bytes, mime } = await session.picture();
  return {
    photo: { path, width, height, bytes, mime },
    masks: masks.map(maskView),
    regions: regionViews(session, regions),
    method,
    resolved: settings,
    timings: timingsView(session),
    device,
  };
}

/** Milliseconds of the last refinement. */
export function timingsView({ timings }: RefinementSession): TimingsView {
  const { encode, decode, method, total, encoderRuns, decoderRuns } = timings;
  return { encode, decode, method, total, encoderRuns, decoderRuns };
}

function maskView({ path, format, mode, ignoreLabel, notes }: SessionMask): MaskView {
  return { path, format, mode, notes, ...(ignoreLabel === undefined ? {} : { ignoreLabel }) };
}
