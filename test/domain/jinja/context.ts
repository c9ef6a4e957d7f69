/** What the probes and the generated templates find: a little of everything that JSON can hold. */
export const CONTEXT = {
  host: "edge-1",
  empty: "",
  long: "one two  three\nfour",
  asn: 65010,
  zero: 0,
  negative: -7,
  ratio: 2.5,
  whole: 3.0001,
  big: 900719925474099,
  on: true,
  off: false,
  nothing: null,
  numbers: [3, 1, 2],
  words: ["up", "Down", "up"],
  none: [],
  // Generated templates append to this list alone and never loop over it: that would never end in Python.
  pile: [],
  pairs: [
    ["a", 1],
    ["b", 2],
  ],
  site: { name: "fra", rack: 7, tags: ["core", "edge"], items_of: { x: 1 } },
  bare: {},
  ports: [
    { name: "Eth1", up: true, vlan: 10, speed: 1000, peer: "core 1" },
    { name: "Eth2", up: false, vlan: 20, speed: 1000 },
    { name: "Eth10", up: true, vlan: 10, speed: 10000, peer: "core 2" },
  ],
  tree: [
    { n: 1, below: [{ n: 2, below: [{ n: 3, below: [] }] }] },
    { n: 4, below: [] },
  ],
  html: "<b>&'\"</b>",
};

export const TEMPLATES = {
  part: "part of {{ host }}{{ x }}",
  lib: "{% macro show(a, b='-') %}<{{ a }}{{ b }}{{ host }}>{% endmacro %}{% set constant = 42 %}{% set _hidden = 1 %}printed",
  base: "[{% block head %}head {{ host }}{% endblock %}|{% block body scoped %}body{% endblock %}]",
  middle: "{% extends 'base' %}{% block body %}middle({{ super() }}){% endblock %}",
  must: "{% block needed required %}{% endblock %}!",
  loops: "{% for p in ports %}{% block row scoped %}{{ p.name }}{% endblock %};{% endfor %}",
  broken: "line one\n{% if %}",
  fails: "first\n\n{{ 1 // 0 }}",
  sets: "{% set x = 'set in part' %}{{ x }}",
};
