#!/bin/sh
echo stands for a step: what it does is scripted
