// How the top line looks.

import { css } from "../../vendor/lit.js";

export const look = css`
  :host {
    display: flex;
    align-items: stretch;
    gap: var(--gap);
  }
  .tally {
    background: var(--air-deep);
    border: 0.14rem solid var(--air);
    border-radius: 0.5rem;
    color: #fff;
    display: grid;
    place-content: center;
    text-align: center;
    width: 11rem;
    flex: none;
    line-height: 1;
  }
  .tally b {
    font-size: 1.35rem;
    letter-spacing: 0.06em;
    text-transform: uppercase;
    font-variant-numeric: tabular-nums;
  }
  .tally small {
    font-size: 0.68rem;
    letter-spacing: 0.12em;
    margin-bottom: 0.15rem;
  }
  .tally.hold {
    background: var(--hold);
    border-color: #ffd591;
    color: #241500;
  }
  .tally.slate,
  .tally.black {
    background: #23262f;
    border-color: var(--edge);
  }
  .tally.lost {
    background: #000;
    border: 0.14rem dashed var(--hold);
    color: var(--hold);
  }
  .box {
    background: var(--panel);
    border: 1px solid var(--line);
    border-radius: 0.5rem;
    padding: 0.2rem 0.7rem;
    display: flex;
    flex-direction: column;
    justify-content: center;
    min-width: 0;
    position: relative;
    overflow: hidden;
  }
  .song {
    flex: 1 1 12rem;
  }
  .song b {
    font-size: 1.2rem;
  }
  .morph {
    position: absolute;
    left: 0;
    bottom: 0;
    height: 0.25rem;
    background: var(--air);
  }
  .figure {
    width: 7.4rem;
    flex: none;
  }
  .figure b {
    font-size: 1.2rem;
    line-height: 1.1;
    font-variant-numeric: tabular-nums;
    position: relative;
  }
  .figure small {
    color: var(--soft);
    font-size: 0.7rem;
    white-space: nowrap;
    position: relative;
  }
  .figure edc-plot {
    position: absolute;
    inset: 0.25rem 0.25rem 0.25rem 50%;
    opacity: 0.85;
  }
  .beat {
    width: 5.6rem;
    flex: none;
    padding: 0 0.4rem;
    min-height: 0;
    text-align: left;
  }
  .beat b {
    font-size: 1.2rem;
    font-variant-numeric: tabular-nums;
  }
  .beat small {
    color: var(--soft);
    display: block;
    font-size: 0.7rem;
  }
  button {
    min-height: 0;
    font-weight: 650;
  }
  .auto {
    width: 5.2rem;
    flex: none;
    padding: 0 0.2rem;
  }
  .rec {
    width: 8.6rem;
    flex: none;
    padding: 0 0.5rem;
    text-align: left;
  }
  .rec small {
    display: block;
    font-weight: 400;
    font-size: 0.7rem;
    color: var(--soft);
  }
  .rec[aria-pressed="true"] {
    background: var(--air-deep);
    border-color: var(--air);
    color: #fff;
  }
  .rec[aria-pressed="true"] small {
    color: #ffe3e5;
  }
  .lamp.beat {
    width: 0.7rem;
    height: 0.7rem;
    background: var(--pressed);
    float: right;
    margin: 0.25rem 0 0;
  }
  .lamp.beat.on {
    background: var(--value);
  }
  .learn[aria-pressed="true"] {
    background: var(--learn);
    border-color: var(--learn);
    color: #06121a;
  }
  .health {
    flex: none;
    width: 7.2rem;
    padding: 0 0.5rem;
    text-align: left;
  }
  .lamp {
    display: inline-block;
    width: 0.8rem;
    height: 0.8rem;
    border-radius: 50%;
    background: var(--good);
    margin-right: 0.35rem;
  }
  .bad .lamp {
    background: var(--hold);
    border-radius: 0.1rem;
  }
  .health small {
    display: block;
    font-weight: 400;
    font-size: 0.7rem;
    color: var(--soft);
  }
`;
