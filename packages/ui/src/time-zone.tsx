"use client";
import { createContext, useContext } from "react";
import { type TimeZone, UTC } from "./format-time.ts";

const zoneContext = createContext<TimeZone>(UTC);

/** In which zone every time below it is said. */
export const TimeZoneProvider = zoneContext.Provider;

/** The zone that times are said in; UTC where nobody chose. */
export function useTimeZone(): TimeZone {
  return useContext(zoneContext);
}
