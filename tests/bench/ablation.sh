#!/bin/sh
# Trains the `faces` recipe with one ingredient changed at a time, on equally many pictures, and scores every
# result: the table in docs/training.md. Finished runs are kept, so that it can be stopped and started again.
#   ablation.sh FACEMORPH DATA OUT [IMAGES]
set -eu
facemorph=$1 data=$2 out=$3 images=${4:-51200}
mkdir -p "$out"

score() { # NAME CHECKPOINT [option...]
  name=$1; shift
  "$facemorph" score "$@" --data "$data" --json > "$out/unfinished"
  mv "$out/unfinished" "$out/$name.json"
}

last() { ls "$1"/checkpoints/*.safetensors | tail -n 1; }

run() { # NAME BATCH [option...]
  name=$1 batch=$2; shift 2
  [ ! -e "$out/$name.json" ] || return 0
  rm -rf "${out:?}/$name"
  "$facemorph" train --data "$data" --out "$out/$name" --batch "$batch" --steps $((images / batch)) \
    --samples-every 1000000 --score-pictures 0 --json "$@" > "$out/$name.log"
  score "$name" "$(last "$out/$name")"
}

start="--set r1=10 --set augment_colour=true" # what was begun with

run start 64 $start
[ -e "$out/no-average.json" ] || score no-average "$(last "$out/start")" --weights generator
run no-augment 64 $start --set augment_probability=0
run no-colour 64 $start --set augment_colour=false
run no-r1 64 $start --set r1=0
run r1-1 64 $start --set r1=1
run r1-0.1 64 $start --set r1=0.1
run norm-in-d 64 $start --set discriminator_norm=true
run bce 64 $start --set loss=bce
run rates-double 64 $start --set generator_learning_rate=4e-4 --set discriminator_learning_rate=6e-4
run no-flip 64 $start --set flip=false
run faces 64
run tutorial 128 --preset tutorial
