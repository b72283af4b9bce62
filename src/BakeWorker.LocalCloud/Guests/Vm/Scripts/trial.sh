#!/bin/sh
# Process 1 of the shortest boot there is: whoever reads this line knows that the processor runs a kernel and programs.
echo "@trial"
while :; do sleep 60; done
