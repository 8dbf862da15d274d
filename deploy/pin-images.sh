#!/usr/bin/env bash
# Adds digests to the images in Dockerfile and compose.yaml, so a moved tag changes nothing:
# node:26.10.0-alpine becomes node:26.10.0-alpine@sha256:... The digests come from the images'
# registries, through Docker with Buildx:
#
#   deploy/pin-images.sh
#
# After a change of a tag, remove the old digest behind it and run this again.
set -euo pipefail
cd "$(dirname "$0")"

files=(Dockerfile compose.yaml)
images=$(sed -nE 's/^FROM ([^ @]+:[^ @]+)( .*)?$/\1/p; s/^ +image: (&[^ ]+ )?([^ @*]+:[^ @]+)( .*)?$/\2/p' "${files[@]}" | sort -u)

for image in $images; do
  digest=$(docker buildx imagetools inspect --format '{{.Manifest.Digest}}' "$image")
  if [[ ! $digest =~ ^sha256:[0-9a-f]{64}$ ]]; then
    echo "The registry gives no digest for $image: $digest" >&2
    exit 1
  fi
  # Escapes dots and slashes of a name.
  pattern=$(sed 's/[.[\*^$/]/\\&/g' <<< "$image")
  sed -i -E "/(FROM|image:) /s/(^| )$pattern( |$)/\1${pattern}@$digest\2/" "${files[@]}"
  echo "$image@$digest"
done
